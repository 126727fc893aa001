/**
 * Lists by date: `to` is not in. Without `features` they tell which dates there are, with them the whole of one day. Nothing is 204, 404,
 * an empty list, or an answer without one. One more name stands around some lists on Polar's page; live answers lack it.
 */
import { ProviderError } from '../kit/errors.ts'
import type { FetchContext, Pages, Window } from '../kit/feed.ts'
import type { ProviderHttp, Query } from '../kit/http.ts'
import { dateOf } from '../kit/tell.ts'
import { membersOf } from '../kit/token-answer.ts'
import { offsetIn } from '../kit/zone.ts'

const dayMs = 86_400_000

export type Row = Readonly<Record<string, unknown>>

export interface List {
  path: string
  /** From outside in; any of the outer ones may be missing. */
  names: readonly string[]
  /** What each row is of: a date, or a time that begins with one. */
  at: string
  features: readonly string[]
}

export const dayAfter = (date: string): string => dateOf(Date.parse(date) + dayMs, 0)

/** On the person's own calendar: the first, and the one that is not in any more. What has not come yet is not asked for. */
export function datesOf({ from, to }: Window, { now, timeZone }: Pick<FetchContext, 'now' | 'timeZone'>) {
  const dateIn = (t: number) => dateOf(t, offsetIn(timeZone, t) ?? 0)
  return { from: dateIn(from), to: dayAfter(dateIn(Math.min(to, now))) }
}

/** Undefined, where a status says something that was expected. */
export async function rowsOf(
  http: ProviderHttp,
  path: string,
  query: Query,
  names: readonly string[],
  expects: readonly number[] = [],
): Promise<readonly Row[] | undefined> {
  const { status, body } = await http.get(path, query, { expects: [404, ...expects] })
  if (expects.includes(status)) return undefined
  return status === 404 || body === undefined ? [] : listIn(body, names)
}

function listIn(body: unknown, names: readonly string[]): readonly Row[] {
  let inner = body
  for (const name of names) if (!Array.isArray(inner)) inner = membersOf(inner)[name] ?? inner
  if (Array.isArray(inner)) return inner.map(membersOf)
  if (Object.keys(membersOf(inner)).length) throw new ProviderError('bad_data', `an answer has no list ${names.at(-1)}`)
  return []
}

/** Each day that there is something of, whole. What a row has without features stays, where it has nothing more with them. */
async function* daysOf(
  http: ProviderHttp,
  { path, names, at, features }: List,
  window: Window,
  context: FetchContext,
): AsyncIterable<readonly Row[]> {
  const dateIn = (row: Row) => String(row[at]).slice(0, 10)
  const listed = (await rowsOf(http, path, { ...datesOf(window, context) }, names)) ?? []
  const known = new Map(listed.map((row) => [dateIn(row), row]))
  for (const date of [...known.keys()].sort()) {
    const rows = await rowsOf(http, path, { from: date, to: dayAfter(date), features }, names)
    yield (rows ?? []).filter((row) => dateIn(row) === date).map((row) => ({ ...known.get(date), ...row }))
  }
}

/** For feeds of such a list. */
export const byDay = (list: List) => ({
  windowDays: 26, // the shortest takes 28, and both ends are whole days
  lookBackDays: 3, // a later upload changes earlier days
  fetch: (http: ProviderHttp, window: Window, context: FetchContext) => daysOf(http, list, window, context),
})

/** For feeds of a list that has no features: what it lists is whole. */
export const byList = ({ path, names }: List) => ({
  windowDays: 26,
  lookBackDays: 3,
  async *fetch(http: ProviderHttp, window: Window, context: FetchContext): Pages {
    yield (await rowsOf(http, path, { ...datesOf(window, context) }, names)) ?? []
  },
})

/** Of lists that tell, within a day, each device's own: a record of each. */
export const byDayAndDevice = (list: List, devices: string) => ({
  ...byDay(list),
  async *fetch(http: ProviderHttp, window: Window, context: FetchContext): Pages {
    for await (const rows of daysOf(http, list, window, context))
      yield rows.flatMap(({ [devices]: own, ...day }) =>
        (Array.isArray(own) ? own : []).map((one) => ({ ...day, ...membersOf(one) })),
      )
  },
})
