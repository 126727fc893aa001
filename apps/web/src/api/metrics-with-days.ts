/** Which metrics there are daily figures of: those of series, and what sessions say of a night or a workout. */
import { queryOptions } from '@tanstack/react-query'
import { catalogue, isMetric, type MetricId } from '@tributary/protocol'
import { client } from './client.ts'
import { extentsOf } from './metrics-with-data.ts'
import type { Session } from './types.ts'

export interface DailyMetric {
  metric: MetricId
  /** Milliseconds since 1970 of the newest value. */
  last: number
}

export const metricsWithDaysQuery = queryOptions({
  queryKey: ['metrics-with-days'],
  queryFn: async ({ signal }) => {
    const [series, nights, workouts] = await Promise.all([
      client.listSeries({ signal }),
      client.listSessions({ query: { type: 'sleep', limit: 1 }, signal }),
      client.listSessions({ query: { type: 'workout', limit: 1 }, signal }),
    ])
    return dailyMetrics(extentsOf(series.items), nights.items[0], workouts.items[0])
  },
})

const unmeasured = new Set(['word', 'code'])
const hasFigure = (metric: MetricId) => {
  const { rollup, unit } = catalogue[metric]
  return rollup[0] !== 'none' && !unmeasured.has(unit)
}

type Ended = Pick<Session, 'end_time' | 'totals'>

export function dailyMetrics(
  series: readonly DailyMetric[],
  night: Ended | undefined,
  workout: Ended | undefined,
): DailyMetric[] {
  const known = new Map(series.filter(({ metric }) => hasFigure(metric)).map((one) => [one.metric, one.last]))
  const add = (metric: MetricId, { end_time }: Ended) =>
    known.set(metric, Math.max(Date.parse(end_time), known.get(metric) ?? 0))
  if (night) {
    for (const name of Object.keys(night.totals)) if (isMetric(name) && name.startsWith('sleep_')) add(name, night)
  }
  if (workout) add('workout', workout)
  return [...known].map(([metric, last]) => ({ metric, last }))
}
