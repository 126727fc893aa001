/** Lists by date, and single documents. */
import { z } from 'zod'
import type { Pages, Window } from '../kit/feed.ts'
import type { ProviderHttp, Query } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'

const Page = z.object({ data: z.array(z.unknown()), next_token: z.string().nullish() })
const dayMs = 86_400_000

/** `passes`: statuses that mean an empty list. */
export async function* pagesOf(
  http: ProviderHttp,
  collection: string,
  query: Query,
  passes: readonly number[] = [],
): Pages {
  let next: string | undefined
  do {
    const path = `/v2/usercollection/${collection}`
    const { status, body } = await http.get(path, { ...query, next_token: next }, { expects: passes })
    if (passes.includes(status)) return
    const page = readAnswer(Page, body)
    yield page.data
    next = page.next_token ?? undefined
  } while (next)
}

/**
 * A day more at both ends: a date alone means the midnight it begins with, so today would be left out, and `sleep` treats the first
 * date as if it were not in. What comes twice is known by its id.
 */
export const datesOf = ({ from, to }: Window): Query => ({
  start_date: dateOf(from - dayMs),
  end_date: dateOf(to + dayMs),
})

/** One that is gone meanwhile is passed over. */
async function* documentOf(http: ProviderHttp, collection: string, id: string): Pages {
  const { status, body } = await http.get(`/v2/usercollection/${collection}/${encodeURIComponent(id)}`, undefined, {
    expects: [404],
  })
  yield status === 404 ? [] : [body]
}

/** For feeds whose list is asked by date. */
export const byDate = (collection: string) => ({
  windowDays: 90,
  fetch: (http: ProviderHttp, window: Window) => pagesOf(http, collection, datesOf(window)),
  fetchOne: (http: ProviderHttp, id: string) => documentOf(http, collection, id),
})

const dateOf = (t: number): string => new Date(t).toISOString().slice(0, 10)
