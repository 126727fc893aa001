import { expect, test } from 'vitest'
import { distanceAlong, splitsOf } from './splits.ts'

/** A point each second at 4 m/s. */
const steady = (seconds: number) => {
  const time = Array.from({ length: seconds + 1 }, (_, s) => s * 1_000)
  return { time, distance: time.map((at) => (at / 1_000) * 4) }
}

test('an even run has kilometres of the same length and the rest at its end', () => {
  const splits = splitsOf(steady(600), 1_000)
  expect(splits.map(({ length, seconds }) => [Math.round(length), Math.round(seconds)])).toEqual([
    [1_000, 250],
    [1_000, 250],
    [400, 100],
  ])
})

test('a kilometre mark between two points is crossed between them', () => {
  const way = { time: [0, 100_000, 300_000], distance: [0, 500, 2_000] }
  const [first] = splitsOf(way, 1_000)
  expect(first?.seconds).toBeCloseTo(100 + (500 / 1_500) * 200)
})

test('one long step over two marks makes two splits', () => {
  expect(splitsOf({ time: [0, 200_000], distance: [0, 2_000] }, 1_000).map(({ seconds }) => seconds)).toEqual([
    100, 100,
  ])
})

test('a pause is not part of the time', () => {
  const way = { time: [0, 100_000, 400_000, 500_000], distance: [0, 500, 500, 1_000] }
  expect(splitsOf(way, 1_000, [{ from: 100_000, to: 400_000 }])[0]?.seconds).toBe(200)
})

test('fifty metres left over are a split, less is not', () => {
  expect(splitsOf({ time: [0, 10_000], distance: [0, 1_049] }, 1_000)).toHaveLength(1)
  expect(splitsOf({ time: [0, 10_000], distance: [0, 1_050] }, 1_000)).toHaveLength(2)
})

test('heart rate is weighed by time, height is that of the ends', () => {
  const way = {
    time: [0, 10_000, 20_000, 21_000, 40_000],
    distance: [0, 250, 500, 525, 1_000],
    heartRate: [100, 100, 100, 190, 190],
    elevation: [10, 11, 12, 13, 30],
  }
  const [split] = splitsOf(way, 1_000)
  expect(split?.heartRate).toBeCloseTo((100 * 21 + 190 * 19.001) / 40.001)
  expect(split?.climb).toBe(20)
})

test('without distances there are no splits', () => {
  expect(splitsOf({ time: [0, 1_000], distance: [null, null] }, 1_000)).toEqual([])
  expect(splitsOf({ time: [], distance: [] }, 1_000)).toEqual([])
})

test('one degree of latitude is 111 km, and a lost signal is bridged', () => {
  const along = distanceAlong([0, null, 1], [0, null, 0])
  expect(along[1]).toBeNull()
  expect(along[2]).toBeCloseTo(111_195, -1)
})
