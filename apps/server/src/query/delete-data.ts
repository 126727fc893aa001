import { routes, type Track } from '@tributary/protocol'
import type { Write } from '../platform/db/database.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { decodeTrack, encodeTrack } from '../platform/tracks/track-codec.ts'
import {
  deleteDayValues,
  deleteEvents,
  deleteStages,
  deleteWay,
  listSeries,
  lockWays,
  replaceWay,
} from './rows.queries.ts'
import { type Range, rangeOf, selectionOf } from './selection.ts'

/** Deletes what a device measured and says exactly how many values that were. */
export const deleteData = handle(routes.deleteData, async (call, { deviceSources, store }) => {
  const { caller, params, query } = call
  const { userId } = caller
  const source = await deviceSources.find(userId, params.device_id)
  if (!source) throw new Problem('not_found')
  if (!query.data_type && !query.start_time && !query.end_time && query.all !== 'true')
    throw new Problem(
      'filter_required',
      'Give data_type, start_time or end_time, or all=true to delete everything the device sent',
    )
  const selection = selectionOf(query.data_type)
  const range = rangeOf(query.start_time, query.end_time)
  return call.write(async (tx) => {
    const series = (await listSeries(tx, userId, [source])).filter(({ metric }) => selection.metrics.has(metric))
    const metrics = [...selection.metrics, ...selection.compounds]
    const scope = { userId, source, metrics, from: range.from / 1_000, to: range.to / 1_000 }
    let deleted = (await deleteDayValues(tx, scope)) + (await deleteEvents(tx, scope))
    if (selection.compounds.has('sleep')) deleted += await deleteStages(tx, scope)
    if (selection.compounds.has('gps')) deleted += await deletePositions(tx, scope, range)
    // The store works in a transaction of its own, last: what fails before it has deleted nothing.
    deleted += await store.deleteRange({ userId, seriesIds: series.map(({ series_id }) => series_id), ...range })
    return { deleted }
  })
})

/** Positions are kept by the hour: hours at the edges lose a part, the others go whole. */
async function deletePositions(
  tx: Write,
  scope: { userId: string; source: string; from: number; to: number },
  { from, to }: Range,
): Promise<number> {
  let deleted = 0
  for (const { track_id, data } of await lockWays(tx, scope)) {
    const way = decodeTrack(data)
    const kept = keep(way, (t) => t < from || t >= to)
    const gone = way.t.length - kept.t.length
    if (gone === 0) continue
    deleted += gone
    if (kept.t.length === 0) await deleteWay(tx, scope.userId, track_id)
    else
      await replaceWay(tx, scope.userId, track_id, kept.t.length, encodeTrack(kept), new Date(kept.t.at(-1) as number))
  }
  return deleted
}

function keep({ t, lat, lon, ele }: Required<Track>, wanted: (t: number) => boolean): Required<Track> {
  const places = [...t.keys()].filter((i) => wanted(t[i] as number))
  const pick = (column: Float64Array) => Float64Array.from(places, (i) => column[i] as number)
  return { t: pick(t), lat: pick(lat), lon: pick(lon), ele: pick(ele) }
}
