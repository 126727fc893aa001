/** In how much detail a stretch of time is asked for. */
import { type MetricId, primaryKind } from '@tributary/protocol'
import type { TimelineShape } from '../../api/queries.ts'
import type { Range } from '../../util/time-range.ts'

/** So many values are shown one by one, however long the range is: a year of weighing days. */
const fewSamples = 2_000

/**
 * Amounts are summed into bars that can be told apart. Of gauges no more points are asked than the chart has room for; over
 * weeks of readings each minute even those are a wall of ink, so there the mean is drawn with its spread around it.
 */
export function shapeFor(metric: MetricId, { from, to }: Range, width: number, samples: number): TimelineShape {
  const days = (to - from) / 86_400_000
  const isAmount = primaryKind(metric) === 'I'
  if (isAmount) return { resolution: days <= 2 ? '15m' : days <= 10 ? '1h' : '1d' }
  if (days <= 10 || samples <= fewSamples) {
    return { points: Math.min(4_000, Math.max(200, Math.ceil(width / 100) * 200)) }
  }
  return { resolution: days <= 40 ? '1h' : days <= 120 ? '6h' : '1d' }
}

const gauge = (stretch: string) =>
  `The line is the mean of every ${stretch}, the band reaches from its lowest to its highest value.`
const amount = (stretch: string) => `Each bar is the sum of ${stretch}.`
const words = {
  '15m': { gauge: gauge('15 minutes'), amount: amount('15 minutes') },
  '1h': { gauge: gauge('hour'), amount: amount('an hour') },
  '6h': { gauge: gauge('6 hours'), amount: amount('6 hours') },
  '1d': { gauge: gauge('day'), amount: amount('a day') },
}

/** What one bar or one point of a summed chart stands for; nothing where every value is drawn. */
export function stretchWords(metric: MetricId, { resolution }: TimelineShape): string {
  return resolution ? words[resolution][primaryKind(metric) === 'I' ? 'amount' : 'gauge'] : ''
}

/** Nothing shorter than this can be told apart in the chart. */
export function resolutionOf({ points, resolution }: TimelineShape, { from, to }: Range): number {
  if (points) return ((to - from) / points) * 2
  return { '15m': 900_000, '1h': 3_600_000, '6h': 21_600_000, '1d': 86_400_000 }[resolution ?? '1d']
}
