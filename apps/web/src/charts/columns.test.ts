import { expect, test } from 'vitest'
import { columnOf, lonelyIndices, meansOf, nearestIndex, nearestValue, withEnds, withGaps } from './columns.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
const same = (value: number) => value

test('points become columns in the unit of the reader', () => {
  const column = columnOf(
    [
      { timestamp: at(0), value: 1 },
      { timestamp: at(1), value: 2 },
    ],
    (value) => value * 10,
  )
  expect(column).toEqual({ x: [Date.parse(at(0)), Date.parse(at(1))], y: [10, 20] })
})

test('a value that is no number is left out of a chart', () => {
  expect(
    columnOf(
      [
        { timestamp: at(0), value: 'rem' },
        { timestamp: at(1), value: null },
        { timestamp: at(2), value: 5 },
      ],
      same,
    ).y,
  ).toEqual([5])
})

test('a mean stands in the middle of its stretch, with its spread', () => {
  const column = columnOf([{ timestamp: at(0), end: at(10), value: 60, n: 10, min: 50, max: 80 }], same)
  expect(column).toEqual({ x: [Date.parse(at(5))], y: [60], low: [50], high: [80] })
})

test('the sum of a stretch stands at its start', () => {
  const column = columnOf([{ timestamp: at(0), end: at(10), value: 7, sum: 7, n: 2, min: 3, max: 4 }], same)
  expect(column).toEqual({ x: [Date.parse(at(0))], y: [7] })
})

test('a silence much longer than usual breaks the line', () => {
  expect(withGaps({ x: [0, 1, 2, 3, 40, 41], y: [1, 1, 1, 1, 2, 2] }, 0).y).toEqual([1, 1, 1, 1, null, 2, 2])
})

test('the usual distance between weighings is no gap', () => {
  const days = [0, 1, 2, 4, 5, 6]
  expect(withGaps({ x: days, y: [1, 1, 1, 1, 1, 1] }, 0).y).not.toContain(null)
})

test('a silence shorter than the chart can show is no gap', () => {
  expect(withGaps({ x: [0, 1, 2, 12], y: [1, 1, 1, 1] }, 5).y).not.toContain(null)
})

test('the spread breaks where its line does', () => {
  const { low, high } = withGaps({ x: [0, 1, 2, 90], y: [5, 5, 5, 5], low: [1, 1, 1, 1], high: [9, 9, 9, 9] }, 0)
  expect(low).toEqual([1, 1, 1, null, 1])
  expect(high).toEqual([9, 9, 9, null, 9])
})

test('the steps of an hour end with it, however long nothing follows', () => {
  const hours = { x: [0, 10, 40], y: [1, 2, 3] }
  expect(withEnds(hours, 10)).toEqual({ x: [0, 10, 20, 40, 50], y: [1, 2, null, 3, null] })
})

test('a value between two gaps is found, so that it gets a dot', () => {
  expect(lonelyIndices([1, 2, null, 3, null, undefined, 4])).toEqual([3, 6])
  // Times of other sources lie between; to this one they are nothing.
  expect(lonelyIndices([1, undefined, 2])).toEqual([])
})

test('the read-out takes the nearest value and none that is far', () => {
  const x = [0, 10, 20, 30]
  expect(nearestValue(x, [5, null, null, 7], 2, 15)).toBe(3)
  expect(nearestValue(x, [5, null, null, null], 2, 15)).toBeUndefined()
})

test('a time is found by halving', () => {
  expect([0, 4, 6, 100].map((time) => nearestIndex([0, 5, 10], time))).toEqual([0, 1, 1, 2])
})

test('a table has the mean of each minute that was measured, and none for one that was not', () => {
  const column = { x: [0, 30_000, 59_999, 60_000, 180_000], y: [10, 20, null, 7, null] }
  expect([...meansOf(column, 60_000)]).toEqual([
    [0, 15],
    [1, 7],
  ])
})
