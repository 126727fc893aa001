/** The fixtures of this folder, and what is read of them. */
import type { Feed, FetchContext, ReadContext } from '../kit/feed.ts'
import { isUnread, type ReadRecord, readRecord } from '../kit/read-records.ts'
import { fixture } from '../kit/testing/index.ts'
import { fitbit } from './index.ts'

/** By feed. */
export const points = fixture<Record<string, unknown[]>>(import.meta.url, 'points')
export const context: ReadContext = {
  account: '111222333444555666',
  now: Date.UTC(2026, 10, 13),
  timeZone: 'Europe/Madrid',
}
export const fetching: FetchContext = {
  ...context,
  scopes: ['https://www.googleapis.com/auth/googlehealth.location.readonly'],
}
export const feeds: Readonly<Record<string, Feed>> = fitbit.feeds
export const feed = (name: string) => feeds[name] as Feed
export const at = Date.parse

export const reading = (name: string, place = 0): ReadRecord => {
  const result = readRecord(feed(name), points[name]?.[place], context)
  if (isUnread(result)) throw new Error(result.detail)
  return result
}
export const told = (name: string, place = 0) => reading(name, place).told
