/** Every call is a form posted to a path with an `action`; every answer is `{status, body}`. */
import { z } from 'zod'
import type { Pages } from '../kit/feed.ts'
import type { ProviderHttp, Query, RequestOptions } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { refusalOf } from './statuses.ts'

const Answer = z.object({ status: z.number(), body: z.unknown() })
/** `[]` is how an empty object is written. */
const Body = z.union([z.record(z.string(), z.unknown()), z.array(z.never()).transform(() => ({}))])

export async function call(
  http: ProviderHttp,
  path: string,
  action: string,
  parameters: Query = {},
  options: RequestOptions = {},
): Promise<Record<string, unknown>> {
  const answer = readAnswer(Answer, (await http.post(path, { form: { action, ...parameters } }, options)).body)
  if (answer.status !== 0) throw refusalOf(answer.status)
  return readAnswer(Body, answer.body ?? {})
}

/** `more` is 0 and 1, or false and true. */
const More = z.looseObject({ more: z.union([z.number(), z.boolean()]).optional(), offset: z.number().optional() })

/** A list, page by page; `list` says under which name it stands. The zone of the whole answer goes with each record. */
export async function* pagesOf(http: ProviderHttp, path: string, action: string, list: string, query: Query): Pages {
  let offset: number | undefined
  for (;;) {
    const body = readAnswer(More, await call(http, path, action, { ...query, offset }))
    const records = listOf(body[list])
    yield body['timezone'] === undefined
      ? records
      : records.map((record) => ({ timezone: body['timezone'], ...record }))
    if (!body.more || body.offset === undefined || body.offset === offset) return
    offset = body.offset
  }
}

const Objects = z.array(z.record(z.string(), z.unknown()))

/** A list, or an object whose members are the list, or nothing. */
export function listOf(value: unknown): Record<string, unknown>[] {
  if (value === undefined || value === null) return []
  return readAnswer(Objects, Array.isArray(value) ? value : Object.values(value))
}

export const seconds = (ms: number): number => Math.floor(ms / 1_000)

const dayMs = 86_400_000

/** Dates are the person's own: a day more at both ends. */
export const datesOf = ({ from, to }: { from: number; to: number }): Query => ({
  startdateymd: new Date(from - dayMs).toISOString().slice(0, 10),
  enddateymd: new Date(to + dayMs).toISOString().slice(0, 10),
})
