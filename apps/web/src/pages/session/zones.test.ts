import { expect, test } from 'vitest'
import { bestTwentyMinutes, heartRateZones, highestHeartRate, powerZones, timeInZones } from './zones.ts'

const eachSecond = (count: number) => Array.from({ length: count }, (_, s) => s * 1_000)

test('five zones part the heart rate from half of the highest up', () => {
  expect(heartRateZones(190).map(({ low }) => low)).toEqual([95, 114, 133, 152, 171])
  expect(heartRateZones(190).at(-1)?.high).toBe(Number.POSITIVE_INFINITY)
})

test('a value holds until the next one, and a gap belongs to no zone', () => {
  const zones = timeInZones([0, 10_000, 20_000, 620_000], [100, 120, 120, 100], heartRateZones(190))
  expect(zones.map(({ seconds }) => seconds)).toEqual([10, 40, 0, 0, 0])
})

test('a bound belongs to the zone above it, and below half of the highest is rest', () => {
  const zones = timeInZones([0, 1_000, 2_000, 3_000], [114, 94, 171, 171], heartRateZones(190))
  expect(zones.map(({ seconds }) => seconds)).toEqual([0, 1, 0, 0, 1])
})

test('other streams between two values do not shorten them', () => {
  const zones = timeInZones([0, 1_000, 2_000, 3_000], [100, null, null, 100], heartRateZones(190))
  expect(zones[0]?.seconds).toBe(3)
})

test('what was measured overrules the rule of thumb only when it is higher', () => {
  expect(highestHeartRate(176, '1986-07-01', '2026-06-30')).toEqual({ value: 181, why: 'age' })
  expect(highestHeartRate(188, '1986-07-01', '2026-06-30')).toEqual({ value: 188, why: 'measured' })
  expect(highestHeartRate(undefined, '1986-07-01', '2026-07-01')).toEqual({ value: 180, why: 'age' })
  expect(highestHeartRate(176, null, '2026-07-01')).toEqual({ value: 176, why: 'measured' })
  expect(highestHeartRate(undefined, null, '2026-07-01')).toBeUndefined()
})

test('the best twenty minutes are found wherever they are', () => {
  const time = eachSecond(3_601)
  const values = time.map((_, s) => (s >= 1_000 && s < 2_200 ? 300 : 100))
  expect(bestTwentyMinutes(time, values)).toBeCloseTo(300)
  expect(
    bestTwentyMinutes(
      eachSecond(600),
      eachSecond(600).map(() => 300),
    ),
  ).toBeUndefined()
})

test('the zones of power stand on the threshold', () => {
  expect(powerZones(200).map(({ low }) => low)).toEqual([0, 110, 150, 180, 210, 240])
})
