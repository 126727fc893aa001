/** What the address says of a view: metrics and what is switched off. Pure. */
import { isMetric, type MetricId } from '@tributary/protocol'
import type { ExploreSearch } from '../../util/path-builder.ts'

/** More than this nobody can tell apart in one chart. */
export const mostMetrics = 4

export function metricsOf({ metric }: ExploreSearch): MetricId[] {
  const named = (metric ?? '').split(',').filter(isMetric)
  return [...new Set(named)].slice(0, mostMetrics)
}

export const metricsWord = (metrics: readonly MetricId[]): string => metrics.join(',')

export function hiddenOf({ hidden }: ExploreSearch): ReadonlySet<string> {
  return new Set((hidden ?? '').split(',').filter(Boolean))
}

/** Nothing switched off needs no word; neither does what belongs to a metric that is gone. */
export function hiddenWord(hidden: ReadonlySet<string>, metrics: readonly MetricId[]): string | undefined {
  const left = [...hidden].filter((id) => metrics.some((metric) => id.startsWith(`${metric}~`)))
  return left.length > 0 ? left.sort().join(',') : undefined
}
