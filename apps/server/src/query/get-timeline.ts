import { routes } from '@tributary/protocol'
import { type Zone, zoneOf } from '../platform/days/zone.ts'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { type Entry, unitOf, type WirePoint } from './entries.ts'
import { gather, type Reading } from './gather.ts'
import { findHoldings, type Holdings } from './holdings.queries.ts'
import { findTimeZone, listSources, type SourceRow } from './rows.queries.ts'
import { type Range, rangeOf, type Selection, selectionOf } from './selection.ts'
import { isSummed, type Shape, summarise } from './summarise.ts'
import { writeSeries } from './write-series.ts'

/** Raw values of one answer; charts ask for points or buckets, exports page through a device's data. */
const mostRaw = 100_000

interface Line {
  metric: string
  unit: string
  source: SourceRow
  n: number
  values: WirePoint[]
}

interface Asked {
  userId: string
  source: SourceRow
  holdings: Holdings
  selection: Selection
  range: Range
  zone: Zone
}

/** Every source's own line of the metrics asked for. */
export const getTimeline = handle(routes.getTimeline, async (call, { store, db }) => {
  const { caller, query, request, reply } = call
  const { userId } = caller
  const selection = selectionOf(query.metric, 'metric')
  const range = rangeOf(query.start_time, query.end_time)
  const read: Reading = (work) => call.read(work)
  const [all, timeZone] = await read(async (tx) => [await listSources(tx, userId), await findTimeZone(tx, userId)])
  const zone = zoneOf(timeZone)
  const sources = all.filter(({ source_id }) => !query.source || source_id === query.source)
  const holdings = await findHoldings(
    db,
    userId,
    sources.map(({ source_id }) => source_id),
  )
  const lines: Line[] = []
  for (const source of sources) {
    const own = holdings.series.filter(
      ({ source_id, metric }) => source_id === source.source_id && selection.metrics.has(metric),
    )
    const held = { ...holdings, series: own }
    lines.push(...(await linesOf(read, store, { userId, source, holdings: held, selection, range, zone }, query)))
  }
  const answer = { start_time: instantOf(range.from), end_time: instantOf(range.to), lines }
  return writeSeries(
    request,
    reply,
    query.format,
    answer,
    lines.map(({ metric, unit, source, values }) => ({
      head: { metric, unit, source_id: source.source_id, source: source.name },
      values,
    })),
  )
})

async function linesOf(read: Reading, store: SampleStore, asked: Asked, shape: Shape): Promise<Line[]> {
  const { userId, source, holdings, selection, range, zone } = asked
  const summed = isSummed(shape)
  const lines: Line[] = []
  if (summed)
    for (const { series_id, metric } of holdings.series) {
      const { n, values } = await summarise(store, { userId, seriesId: series_id, metric }, range, shape, zone)
      if (n) lines.push({ metric, unit: unitOf(metric), source, n, values })
    }
  const scope = {
    userId,
    sources: [source.source_id],
    selection,
    holdings: summed ? { ...holdings, series: [] } : holdings,
    ...range,
    after: null,
    limit: mostRaw,
  }
  const { entries, more } = await gather(read, store, scope)
  if (more)
    throw new Problem(
      'payload_too_large',
      `More than ${mostRaw} values: ask for points or a resolution, or for less time`,
      { max_values: mostRaw },
    )
  return [...lines, ...group(entries, source)]
}

function group(entries: readonly Entry[], source: SourceRow): Line[] {
  return [...Map.groupBy(entries, ({ type }) => type)].map(([metric, own]) => ({
    metric,
    unit: unitOf(metric),
    source,
    n: own.length,
    values: own.map(({ point }) => point),
  }))
}
