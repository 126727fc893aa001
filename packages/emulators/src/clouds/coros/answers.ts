/** COROS says in the body what went well: the status is 200 in any case. */

/** Ids of 64 bits stand there as bare numbers, which is more than a double holds. */
export const wire = (value: unknown): string =>
  JSON.stringify(value).replace(/"(labelId|planWorkoutId)":"(\d+)"/g, '"$1":$2')

const said = (value: unknown) => new Response(wire(value), { headers: { 'content-type': 'application/json' } })

export const ok = (data?: unknown): Response =>
  said({ result: '0000', message: 'OK', ...(data === undefined ? {} : { data }) })

export const wrong = (result: string, message: string): Response => said({ result, message })
