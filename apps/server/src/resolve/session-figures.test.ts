import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateOf, zoneOf } from '../platform/days/zone.ts'
import type { ShownSession } from './figures.queries.ts'
import { sessionFigures } from './session-figures.ts'

const hour = 3_600_000
const morning = Date.parse('2026-04-02T05:00:00Z')
const sleep = (
  end: number,
  hours: number,
  totals: Record<string, number>,
  offset: number | null = null,
): ShownSession => ({
  ...{ sourceId: 'watch', type: 'sleep', start: end - hours * hour, end, totals, offset },
})
const shown = (sessions: ShownSession[], zone = 'UTC') =>
  sessionFigures(sessions, zoneOf(zone)).map(({ metric, day, value, n }) => [metric, dateOf(day), value, n])

test('a night is of the morning it ended on, and a nap of the day is added to it', () => {
  const night = sleep(morning, 8, { sleep_total: 25_200, sleep_time_in_bed: 28_800, sleep_deep: 5_400 })
  const nap = sleep(morning + 9 * hour, 1, { sleep_total: 3_000, sleep_time_in_bed: 3_600 })
  expect(shown([night, nap])).toEqual([
    ['sleep_total', '2026-04-02', 28_200, 2],
    ['sleep_time_in_bed', '2026-04-02', 32_400, 2],
    ['sleep_deep', '2026-04-02', 5_400, 1],
    ['sleep_efficiency', '2026-04-02', 87.5, 2],
  ])
})

test('a half of a night that is told once more is not slept twice', () => {
  const night = sleep(morning, 8, { sleep_total: 25_200, sleep_time_in_bed: 28_800, sleep_efficiency: 87 })
  const half = sleep(morning, 4, { sleep_total: 14_000, sleep_time_in_bed: 14_400, sleep_efficiency: 97 })
  expect(shown([half, night])).toEqual(shown([night]))
})

test('of two sleeps that overlap the longer counts whole, and of the other what lies outside of it', () => {
  const night = sleep(morning, 8, { sleep_total: 25_200 })
  const late = sleep(morning + hour, 4, { sleep_total: 12_000 })
  expect(shown([night, late])).toEqual([['sleep_total', '2026-04-02', 28_200, 2]])
})

test('time in bed is the time that was covered by some sleep, however they overlap', () => {
  const quarter = hour / 4
  const anySleep = fc.record({ from: fc.nat(40), length: fc.integer({ min: 1, max: 40 }) })
  fc.assert(
    fc.property(fc.array(anySleep, { minLength: 1, maxLength: 8 }), (list) => {
      const sleeps = list.map(({ from, length }) => ({
        ...sleep(
          morning - 21 * hour + (from + length) * quarter,
          length / 4,
          { sleep_time_in_bed: length * 900 },
          -300,
        ),
      }))
      const covered = new Set(list.flatMap(({ from, length }) => Array.from({ length }, (_, i) => from + i)))
      expect(shown(sleeps).map(([, , value]) => value)).toEqual([covered.size * 900])
    }),
  )
})

test('an efficiency that the source states counts before one that is worked out', () => {
  const night = sleep(morning, 8, { sleep_total: 25_200, sleep_time_in_bed: 28_800, sleep_efficiency: 91 })
  expect(shown([night])).toContainEqual(['sleep_efficiency', '2026-04-02', 91, 1])
})

test('the morning is that of the clock beside the bed', () => {
  const totals = { sleep_total: 3_600 }
  expect(shown([sleep(morning, 1, totals, -420)])).toEqual([['sleep_total', '2026-04-01', 3_600, 1]])
  expect(shown([sleep(morning, 1, totals)], 'America/Los_Angeles')).toEqual([['sleep_total', '2026-04-01', 3_600, 1]])
})

test('workouts are counted on the day they ended', () => {
  const workout = { ...sleep(morning, 1, {}), type: 'workout' }
  expect(shown([workout, { ...workout, end: morning + hour }])).toEqual([['workout', '2026-04-02', 2, 2]])
})
