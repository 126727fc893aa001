import { z } from 'zod'
import type { Pages, Window } from '../kit/feed.ts'
import type { ProviderAnswer, ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { dateAt } from './wire.ts'

export const data = '/v4/users/me/dataTypes'

type List = 'dataPoints' | 'rollupDataPoints'
const points = z.array(z.unknown()).nullish()
const answer = z.object({ dataPoints: points, rollupDataPoints: points, nextPageToken: z.string().nullish() })

/** What `list` holds on each page. A page may be empty and yet not the last. */
export async function* pagesOf(list: List, ask: (pageToken: string | undefined) => Promise<ProviderAnswer>): Pages {
  let pageToken: string | undefined
  do {
    const { body } = await ask(pageToken)
    const page = readAnswer(answer, body ?? {})
    yield page[list] ?? []
    pageToken = page.nextPageToken || undefined
  } while (pageToken)
}

/** `list` tells each source by itself, `reconcile` one stream without overlaps. */
export function pointsOf(
  http: ProviderHttp,
  type: string,
  call: 'list' | 'reconcile',
  filter: string,
  pageSize: number,
): Pages {
  const path = `${data}/${type}/dataPoints${call === 'reconcile' ? ':reconcile' : ''}`
  return pagesOf('dataPoints', (pageToken) => http.get(path, { filter, pageSize, pageToken }))
}

/** Only `>=` and `<` are understood, joined by AND. */
const between = (field: string, from: string, to: string): string => `${field} >= "${from}" AND ${field} < "${to}"`

export const byTime = (field: string, { from, to }: Window): string =>
  between(field, new Date(from).toISOString(), new Date(to).toISOString())

/** Of an ECG only the beginning of a stretch can be asked for. */
export const byBeginning = (field: string, { from }: Window): string => `${field} >= "${new Date(from).toISOString()}"`

/** A date may be 14 hours ahead of UTC and 12 behind: asked for a little wide, since the same record read twice is one. */
const aheadMs = 14 * 3_600_000
const behindMs = 12 * 3_600_000

export const datesOf = ({ from, to }: Window): { first: string; after: string } => ({
  first: dateAt(from - behindMs),
  after: dateAt(to + aheadMs + 86_400_000),
})

export function byDate(field: string, window: Window): string {
  const { first, after } = datesOf(window)
  return between(field, first, after)
}
