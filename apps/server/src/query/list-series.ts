import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { unitOf } from './entries.ts'
import { listSeriesExtents } from './series.queries.ts'

/** What there is to see, before anything is looked at. */
export const listSeries = handle(routes.listSeries, async (call) => {
  const extents = await call.read((tx) => listSeriesExtents(tx, call.caller.userId))
  const held = extents.filter(({ n }) => n > 0)
  return {
    items: held.map(({ metric, source_id, n, first_at, last_at }) => ({
      metric,
      unit: unitOf(metric),
      source_id,
      n,
      first_time: instantOf(first_at),
      last_time: instantOf(last_at),
    })),
    next_cursor: null,
  }
})
