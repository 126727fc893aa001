import { expect, test } from 'vitest'
import { dailyMetrics } from './metrics-with-days.ts'

test('nights and workouts have figures of days beside what series have', () => {
  const ended = { end_time: '2026-03-14T07:00:00Z', totals: { sleep_total: 25_000, distance: 4 } }
  const found = dailyMetrics(
    [
      { metric: 'steps', last: 5 },
      { metric: 'rr_interval', last: 5 },
    ],
    ended,
    ended,
  )
  expect(found.map(({ metric }) => metric)).toEqual(['steps', 'sleep_total', 'workout'])
  expect(found[1]?.last).toBe(Date.parse(ended.end_time))
})
