/** Which metrics there is anything to see of, and since when. */
import { queryOptions } from '@tanstack/react-query'
import { isMetric, type MetricId } from '@tributary/protocol'
import { client } from './client.ts'

export interface MetricExtent {
  metric: MetricId
  samples: number
  sources: number
  /** In one order, whatever stretch is looked at: a source keeps its colour. */
  sourceIds: readonly string[]
  /** Milliseconds since 1970 of the oldest value (to the day) and the newest. */
  first: number
  last: number
}

export const metricsWithDataQuery = queryOptions({
  queryKey: ['metrics-with-data'],
  queryFn: async ({ signal }) => extentsOf((await client.listSeries({ signal })).items),
})

interface Series {
  metric: string
  source_id: string
  n: number
  first_time: string
  last_time: string
}

/** Those with the most values first. */
export function extentsOf(series: readonly Series[]): MetricExtent[] {
  const extents = new Map<MetricId, MetricExtent>()
  for (const { metric, source_id, n, first_time, last_time } of series) {
    if (!isMetric(metric)) continue
    const known = extents.get(metric)
    extents.set(metric, {
      metric,
      samples: n + (known?.samples ?? 0),
      sources: 1 + (known?.sources ?? 0),
      sourceIds: [...(known?.sourceIds ?? []), source_id],
      first: Math.min(Date.parse(first_time), known?.first ?? Number.POSITIVE_INFINITY),
      last: Math.max(Date.parse(last_time), known?.last ?? Number.NEGATIVE_INFINITY),
    })
  }
  return [...extents.values()].sort((a, b) => b.samples - a.samples)
}
