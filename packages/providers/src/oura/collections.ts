/** Lists by date, and single documents. */
import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import type { Pages, Window } from '../kit/feed.ts'
import type { ProviderHttp, Query } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'

const Page = z.object({ data: z.array(z.unknown()), next_token: z.string().nullish() })
const dayMs = 86_400_000

/** `passes`: statuses that mean an empty list. `unscoped`: no scope is documented, and an app may not have it. */
interface Asking {
  passes?: readonly number[]
  unscoped?: boolean
}

export async function* pagesOf(
  http: ProviderHttp,
  collection: string,
  query: Query,
  { passes = [], unscoped = false }: Asking = {},
): Pages {
  const expects = unscoped ? [...passes, 401] : passes
  let next: string | undefined
  do {
    const path = `/v2/usercollection/${collection}`
    const { status, body } = await http.get(path, { ...query, next_token: next }, { expects })
    if (passes.includes(status)) return
    if (status === 401) throw notOurs(collection)
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

/** A token that has ended is refused in the other lists too; here it is said of the list, and they are asked all the same. */
const notOurs = (collection: string) =>
  new ProviderError('scope', `Oura does not give ${collection} to this app`, { status: 401 })

/** One that is gone meanwhile is passed over. */
async function* documentOf(http: ProviderHttp, collection: string, id: string, { unscoped }: Asking): Pages {
  const path = `/v2/usercollection/${collection}/${encodeURIComponent(id)}`
  const { status, body } = await http.get(path, undefined, { expects: unscoped ? [401, 404] : [404] })
  if (status === 401) throw notOurs(collection)
  yield status === 404 ? [] : [body]
}

/** For feeds whose list is asked by date. */
export const byDate = (collection: string, asking: Asking = {}) => ({
  ...(asking.unscoped ? { mayBeRefused: true as const } : {}),
  windowDays: 90,
  fetch: (http: ProviderHttp, window: Window) => pagesOf(http, collection, datesOf(window), asking),
  fetchOne: (http: ProviderHttp, id: string) => documentOf(http, collection, id, asking),
})

const dateOf = (t: number): string => new Date(t).toISOString().slice(0, 10)
