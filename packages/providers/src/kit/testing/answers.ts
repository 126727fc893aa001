/** Recorded answers for `testHttp`, by `GET /path?query`. What was not recorded fails the test that asks for it. */
export type Recorded = Readonly<Record<string, unknown>>

/** A value is JSON with status 200; a `Response` is itself, once for each time it is asked for. */
export function answers(recorded: Recorded): (request: Request) => Response {
  return (request) => {
    const { pathname, search } = new URL(request.url)
    const asked = `${request.method} ${pathname}${search}`
    if (!Object.hasOwn(recorded, asked)) throw new Error(`nothing is recorded for ${asked}`)
    const answer = recorded[asked]
    return answer instanceof Response ? answer.clone() : Response.json(answer)
  }
}

/** All records of all pages; fails for a feed that cannot be asked in this way. */
export async function recordsOf(pages: AsyncIterable<readonly unknown[]> | undefined): Promise<unknown[]> {
  if (!pages) throw new Error('this feed cannot be asked so')
  const records: unknown[] = []
  for await (const page of pages) records.push(...page)
  return records
}
