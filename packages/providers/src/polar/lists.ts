/** Lists stand alone or under one name; none is 204, 404 or `[]`, as it comes. */
import { z } from 'zod'
import type { Pages, Window } from '../kit/feed.ts'
import type { ProviderHttp, Query } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'

const dayMs = 86_400_000

const dateOf = (t: number): string => new Date(t).toISOString().slice(0, 10)

/** Dates are the person's own: a day more before; what has not come yet must not be asked for. */
export function datesOf({ from, to }: Window, now: number): Query {
  return { from: dateOf(from - dayMs), to: dateOf(Math.min(to, now)) }
}

export async function* listOf(http: ProviderHttp, path: string, query: Query, name?: string): Pages {
  const { status, body } = await http.get(path, query, { expects: [404] })
  if (status === 404 || body === undefined) yield []
  else
    yield readAnswer(
      z.array(z.unknown()),
      Array.isArray(body) || !name ? body : (body as Readonly<Record<string, unknown>>)[name],
    )
}

export async function* oneOf(http: ProviderHttp, path: string, query: Query = {}): Pages {
  const { status, body } = await http.get(path, query, { expects: [404] })
  yield status === 404 || body === undefined ? [] : [body]
}

/** Lists that know no dates, and hold so many days before today: of another time there is nothing to ask. */
export const reaches = ({ to }: Window, now: number, days: number): boolean => to > now - days * dayMs
