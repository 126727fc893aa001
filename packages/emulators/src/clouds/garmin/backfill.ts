/** Old data: asked for with 202, and sent later like new data. */
import { json } from '../kit/answers.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import type { App, Site } from '../kit/site.ts'
import { unix } from '../kit/times.ts'
import { deliver, paths, permissionOf, permissionsOf } from './delivery.ts'

const dayMs = 86_400_000

/** Ours: the page says only that it is later. */
const laterMs = 60_000

const said = (status: number, errorMessage: string) => json({ errorMessage }, status)

const daysPerMinute = 100

/** Of an app with an evaluation key: trait `evaluation` of whoever is asked about. */
function isOverDays({ now }: Site, { notes }: App, days: number): boolean {
  const minute = Math.floor(now() / 60_000)
  const known = (notes.get('days') ?? { minute, used: 0 }) as { minute: number; used: number }
  const used = (known.minute === minute ? known.used : 0) + days
  if (used > daysPerMinute) return true
  notes.set('days', { minute, used })
  return false
}

export const backfillRoutes = (site: Site): Route[] =>
  Object.entries(paths).map(([feed, path]) =>
    person('GET', `/wellness-api/rest/backfill/${path}`, [], (ask) => backfill(site, ask, feed)),
  )

function backfill(site: Site, { account, app, query }: PersonAsk, feed: string): Response {
  const [from, to] = ['summaryStartTimeInSeconds', 'summaryEndTimeInSeconds'].map(
    (name) => Number(query.get(name) ?? Number.NaN) * 1000,
  )
  if (from === undefined || to === undefined || !(from < to))
    return said(400, 'summaryStartTimeInSeconds and summaryEndTimeInSeconds are required')
  const permissions = permissionsOf(site, account, app)
  if (!permissions.includes(permissionOf(feed))) return said(412, 'user permission is missing')
  if (!permissions.includes('HISTORICAL_DATA_EXPORT')) return said(403, 'HISTORICAL_DATA_EXPORT is missing')
  if (to - from > 30 * dayMs) return said(400, 'time range too long: at most 30 days')
  const earliest = site.now() - (feed.startsWith('activit') ? 5 : 2) * 365 * dayMs
  if (from < earliest) return said(400, `summaryStartTimeInSeconds is before the minimum start time ${unix(earliest)}`)
  const asked = (app.notes.get('backfills') ?? new Set()) as Set<string>
  const key = [account.id, feed, from, to].join('/')
  if (asked.has(key)) return said(409, 'duplicate backfill request')
  if (account.traits.has('evaluation') && isOverDays(site, app, Math.ceil((to - from) / dayMs)))
    return said(429, 'too many days of data')
  app.notes.set('backfills', asked.add(key))
  site.courier.later(site.now() + laterMs, () =>
    deliver(
      site,
      account,
      app,
      account.feed(feed).filter(({ at }) => from <= at && at < to),
    ),
  )
  return new Response(null, { status: 202 })
}
