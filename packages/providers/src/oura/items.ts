import type { SeriesReading } from '@tributary/protocol'
import { z } from 'zod'
import { offsetOf, seriesOf } from '../kit/tell.ts'

/** Values every `interval` seconds from `timestamp` on; null where none was measured. */
export const Items = z.object({
  interval: z.number(),
  items: z.array(z.number().nullable()),
  timestamp: z.iso.datetime({ offset: true }),
})

/** `spread`: each value speaks for its whole interval. */
export function* itemsOf(
  metric: string,
  items: z.infer<typeof Items> | null | undefined,
  spread = false,
): Generator<SeriesReading> {
  if (!items) return
  const start = Date.parse(items.timestamp)
  const step = items.interval * 1_000
  const points = items.items.flatMap((value, i) => (value === null ? [] : [[start + i * step, value] as const]))
  const offset = offsetOf(items.timestamp)
  for (const series of seriesOf(metric, points, offset === undefined ? {} : { offset })) {
    if (spread) series.durations = new Float64Array(points.length).fill(step)
    yield series
  }
}
