/** Which metrics there is anything to see of, and since when. */

import { queryOptions } from '@tanstack/react-query'
import { type MetricId, metricIds } from '@tributary/protocol'
import { client } from './client.ts'

export interface MetricExtent {
  metric: MetricId
  samples: number
  sources: number
  /** Milliseconds since 1970 of the oldest and newest value, exact, because lttb keeps both ends. */
  first: number
  last: number
}

/** The contract takes at most this many of a repeated parameter. */
const perRequest = 100
const beginning = '1970-01-01T00:00:00Z'

/** Asks every metric for a handful of points over all time: those that answer have data. */
export const metricsWithDataQuery = queryOptions({
  queryKey: ['metrics-with-data'],
  queryFn: async ({ signal }) => {
    const end_time = new Date(Date.now() + 86_400_000).toISOString()
    const chunks = Array.from({ length: Math.ceil(metricIds.length / perRequest) }, (_, i) =>
      metricIds.slice(i * perRequest, (i + 1) * perRequest),
    )
    const answers = await Promise.all(
      chunks.map((metric) =>
        client.getTimeline({ query: { metric, start_time: beginning, end_time, points: 3, method: 'lttb' }, signal }),
      ),
    )
    return extentsOf(answers.flatMap(({ lines }) => lines))
  },
})

type Line = { metric: string; n: number; values: readonly { timestamp: string }[] }

export function extentsOf(lines: readonly Line[]): MetricExtent[] {
  const extents = new Map<string, MetricExtent>()
  for (const { metric, n, values } of lines) {
    const times = values.map(({ timestamp }) => Date.parse(timestamp))
    if (times.length === 0) continue
    const known = extents.get(metric)
    extents.set(metric, {
      metric: metric as MetricId,
      samples: n + (known?.samples ?? 0),
      sources: 1 + (known?.sources ?? 0),
      first: Math.min(...times, known?.first ?? Number.POSITIVE_INFINITY),
      last: Math.max(...times, known?.last ?? Number.NEGATIVE_INFINITY),
    })
  }
  return [...extents.values()].sort((a, b) => b.samples - a.samples)
}
