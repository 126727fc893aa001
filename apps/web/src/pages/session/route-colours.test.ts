import { expect, test } from 'vitest'
import { colouredPaths, scaleOf, valuesAt } from './route-colours.ts'

const points = [0, 1, 2, 3, 4].map((x) => ({ x, y: 0 }))

test('each stretch of a way is drawn in the step of its value, in one go where the step stays', () => {
  const { paths, unknown } = colouredPaths(points, [null, 10, 10, 20, null], { low: 10, high: 20 }, 2)
  expect(paths).toEqual(['M0 0L1 0L2 0', 'M2 0L3 0'])
  expect(unknown).toBe('M3 0L4 0')
})

test('a lost signal lifts the pen', () => {
  const { paths } = colouredPaths(
    [{ x: 0, y: 0 }, null, { x: 2, y: 0 }, { x: 3, y: 0 }],
    [1, 1, 1, 1],
    { low: 0, high: 2 },
    2,
  )
  expect(paths).toEqual(['', 'M2 0L3 0'])
})

test('one stray value does not stretch the scale, and values that are all alike have none', () => {
  const steady = Array.from({ length: 100 }, (_, i) => 100 + i)
  expect(scaleOf([...steady, 9_000])).toEqual({ low: 102, high: 198 })
  expect(scaleOf([5, 5, null])).toBeUndefined()
  expect(scaleOf([])).toBeUndefined()
})

test('a value counts for ten seconds around it', () => {
  const from = { time: [0, 5_000, 60_000], values: [1, null, 3] }
  expect(valuesAt([0, 10_000, 11_000, 55_000], from)).toEqual([1, 1, null, 3])
})
