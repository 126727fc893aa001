import { hasKind, isMetric, metrics, routes, type Stream } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { decode } from '../platform/samples/codec.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { columnOf } from './column.ts'
import { mustFindSession } from './find-session.ts'
import { joinStreams } from './join-streams.ts'
import { listSeriesOfSource, listSessionStreams } from './sessions.queries.ts'
import { placesToLook } from './tellings.ts'
import { thinRows } from './thin-rows.ts'

/** A day of a value each second; more would be an answer of a hundred megabytes. */
const mostRows = 100_000

/** What a record's own source measured from its start to its end, and the streams that belong to the session alone. */
export const getStreams = handle(routes.getStreams, async (call, { store }) => {
  const { userId } = call.caller
  const places = await call.read(async (tx) => {
    const session = await mustFindSession(tx, userId, call.params.session_id)
    return placesToLook(tx, userId, session)
  })
  const streams = await firstStreams(
    places.map((place) => async () => {
      const { series, own } = await call.read(async (tx) => ({
        series: await listSeriesOfSource(tx, userId, place.source_id),
        own: await listSessionStreams(tx, userId, place.session_id),
      }))
      const range = { from: place.start_at.getTime(), to: place.end_at.getTime() + 1 } // the last record stands at the end itself
      const measured = await readSeries(
        store,
        userId,
        series.filter(({ metric }) => isStream(metric)),
        range,
      )
      return new Map([...measured, ...own.map(({ stream, data }) => [stream, decode(data)] as const)])
    }),
  )
  const { time, columns } = thinRows(joinStreams(streams), call.query.points ?? mostRows)
  return {
    time: Array.from(time, instantOf),
    streams: Object.fromEntries(
      [...columns].map(([name, values]) => [name, { unit: unitOf(name), values: columnOf(values) }]),
    ),
  }
})

/** Of the first record that has any: streams of two devices under one time column would be two truths. */
async function firstStreams(reads: readonly (() => Promise<Map<string, Stream>>)[]): Promise<Map<string, Stream>> {
  for (const read of reads) {
    const streams = await read()
    if (streams.size) return streams
  }
  return new Map()
}

/** Gauges. Single heart beats are not: each has a time of its own, and a column of thousands would be null beside each of them. */
function isStream(metric: string): boolean {
  return isMetric(metric) && hasKind(metric, 'S') && metric !== 'rr_interval'
}

async function readSeries(
  store: SampleStore,
  userId: string,
  series: readonly { series_id: number; metric: string }[],
  range: { from: number; to: number },
): Promise<[string, Stream][]> {
  const all = await Promise.all(
    series.map(
      async ({ series_id, metric }): Promise<[string, Stream]> => [
        metric,
        await store.readAll({ userId, seriesIds: [series_id], ...range }),
      ],
    ),
  )
  return all.filter(([, { t }]) => t.length > 0)
}

/** Streams that the catalogue does not know say nothing of their unit. */
const unitOf = (name: string): string => (isMetric(name) ? metrics[name].unit : '')
