import { routes } from '@tributary/protocol'
import type { Parts } from '../parts.ts'
import { handle } from '../platform/http/handle.ts'
import { instantOf, instantOrNull } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import { decodeTrack } from '../platform/tracks/track-codec.ts'
import { addQuality, partsOf, unitOf, type WirePoint } from './entries.ts'
import { positionPoint } from './gather.ts'
import { findHoldings, type SeriesRow } from './holdings.queries.ts'
import { findLastWay, type LatestRow, listLatestRows } from './rows.queries.ts'
import { selectionOf } from './selection.ts'

/** The newest value of each type that the device ever sent. */
export const getLatestData = handle(routes.getLatestData, async (call, { deviceSources, db, store }) => {
  const { userId } = call.caller
  const source = await deviceSources.find(userId, call.params.device_id)
  if (!source) throw new Problem('not_found')
  const { metrics, compounds } = selectionOf(call.query.data_type)
  const held = await findHoldings(db, userId, [source])
  const series = held.series.filter(({ metric }) => metrics.has(metric))
  const holdsRows = held.days || held.events || held.nights || held.ways
  const { rows, way } = holdsRows
    ? await call.read(async (tx) => ({
        rows: await listLatestRows(tx, userId, source),
        way: compounds.has('gps') ? await findLastWay(tx, userId, source) : undefined,
      }))
    : { rows: [], way: undefined }
  const wanted = rows.filter(({ metric }) => metrics.has(metric) || compounds.has(metric as never))
  const points = [
    ...(await latestSamples(store, userId, series)),
    ...wanted.map(({ metric, ...row }) => ({ type: metric, point: rowPoint(row) })),
  ]
  if (way) points.push({ type: 'gps', point: lastPosition(way.data) })
  points.sort((a, b) => (a.type < b.type ? -1 : 1))
  return {
    device_id: call.params.device_id,
    data: points.map(({ type, point }) => ({ data_type: type, unit: unitOf(type), ...point })),
  }
})

async function latestSamples(
  store: Parts['store'],
  userId: string,
  series: readonly SeriesRow[],
): Promise<{ type: string; point: WirePoint }[]> {
  const names = new Map(series.map(({ series_id, metric }) => [series_id, metric]))
  const found = await store.latest(userId, [...names.keys()])
  return found.map(({ seriesId, t, value, durationMs, quality, offsetMinutes }) => {
    const point: WirePoint = { timestamp: instantOf(t), value }
    if (durationMs) point['end'] = instantOf(t + durationMs)
    if (offsetMinutes !== null) point['utc_offset_minutes'] = offsetMinutes
    addQuality(point, quality)
    return { type: names.get(seriesId) ?? '', point }
  })
}

function rowPoint({ at, end_at, day_on, value, quality, utc_offset_minutes }: Omit<LatestRow, 'metric'>): WirePoint {
  const end = instantOrNull(end_at)
  const point: WirePoint = {
    timestamp: instantOf(at),
    ...(end ? { end } : {}),
    ...(day_on ? { date: day_on } : {}),
    ...partsOf(value),
  }
  if (utc_offset_minutes !== null) point['utc_offset_minutes'] = utc_offset_minutes
  addQuality(point, quality)
  return point
}

function lastPosition(data: Buffer): WirePoint {
  const { t, lat, lon, ele } = decodeTrack(data)
  const last = t.length - 1
  return positionPoint(t[last] as number, lat[last] as number, lon[last] as number, ele[last] as number)
}
