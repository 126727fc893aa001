import { expect, test } from 'vitest'
import type { Session } from '../../api/types.ts'
import { monthsOf } from './months.ts'

const session = (start: string, hours: number, more: Partial<Session> = {}): Session =>
  ({
    type: 'workout',
    is_nap: false,
    start_time: start,
    end_time: new Date(Date.parse(start) + hours * 3_600_000).toISOString(),
    utc_offset_minutes: 0,
    totals: {},
    ...more,
  }) as Session

test('a session belongs to the month on the wall where it began', () => {
  const months = monthsOf(
    [
      session('2026-02-28T23:30:00Z', 1, { utc_offset_minutes: 540 }),
      session('2026-02-28T23:30:00Z', 1, { utc_offset_minutes: null }),
    ],
    () => -300,
  )
  expect(months.map(({ month }) => month)).toEqual(['2026-03', '2026-02'])
})

test('a month says how much was done and how long one slept on average; a nap is no night, and time in bed no sleep', () => {
  const [month] = monthsOf(
    [
      session('2026-03-01T08:00:00Z', 1, { totals: { distance: 10_000 } }),
      session('2026-03-02T08:00:00Z', 2, { totals: { distance: 5_000, duration: 3_600 } }),
      session('2026-03-02T22:00:00Z', 8, { type: 'sleep', totals: { sleep_total: 25_200 } }),
      session('2026-03-03T22:00:00Z', 8, { type: 'sleep' }),
      session('2026-03-04T13:00:00Z', 1, { type: 'sleep', is_nap: true }),
      session('2026-03-04T15:00:00Z', 1, { type: 'meditation' }),
    ],
    () => 0,
  )
  expect(month).toMatchObject({ workouts: 2, duration: 7_200, distance: 15_000, nights: 2, asleep: 25_200 })
})
