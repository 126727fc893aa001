/** Lists, newest first, 25 at most; asked with `nextToken`, answered with `next_token`. Nothing can be asked by when it changed. */
import { z } from 'zod'
import type { Pages, Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'

const Page = z.object({ records: z.array(z.unknown()), next_token: z.string().nullish() })

/** Scores change for days after the night they are of. */
export const reread = { windowDays: 30, lookBackDays: 14 }

export async function* pagesOf(http: ProviderHttp, path: string, { from, to }: Window): Pages {
  const window = { limit: 25, start: new Date(from).toISOString(), end: new Date(to).toISOString() }
  let nextToken: string | undefined
  do {
    const { body } = await http.get(path, { ...window, nextToken })
    const page = readAnswer(Page, body)
    yield page.records
    nextToken = page.next_token || undefined
  } while (nextToken)
}

/** Undefined for one that is gone meanwhile, or never was. */
export async function oneOf(http: ProviderHttp, path: string): Promise<unknown> {
  const { status, body } = await http.get(path, undefined, { expects: [404] })
  return status === 404 ? undefined : body
}

export async function* onePage(record: Promise<unknown>): Pages {
  const found = await record
  yield found === undefined ? [] : [found]
}

/** Of two versions of a record the one that was changed later counts, whichever comes last. */
export const newest = ({ id, updated_at }: { id: string | number; updated_at: string }) => ({
  key: String(id),
  rank: Date.parse(updated_at),
})
