/** Old data: asked for with 202, and sent later like new data. */
import { json } from '../kit/answers.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Site } from '../kit/site.ts'
import { unix } from '../kit/times.ts'
import { deliver, paths, permissionOf, permissionsOf } from './delivery.ts'

const dayMs = 86_400_000

/** Ours: the page says only that it is later. */
const laterMs = 60_000

const said = (status: number, errorMessage: string) => json({ errorMessage }, status)

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
