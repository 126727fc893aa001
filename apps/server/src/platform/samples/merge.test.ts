import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import { merge } from './merge.ts'
import { order } from './order.ts'
import { isAscending, noPoints, type Points, pointsOf, slicePoints } from './points.ts'
import { anyPoints, ascendingPoints, rows } from './test/arbitrary.ts'

/** What merging means, as a plain map from time to point. */
function model(lists: readonly Points[]): string[] {
  const latest = new Map<number, string>()
  for (const p of lists) for (const [i, row] of rows(p).entries()) latest.set(p.t[i] as number, row)
  return [...latest].sort(([a], [b]) => a - b).map(([, row]) => row)
}

test('merged lists hold each time once, with what was said last', () => {
  fc.assert(
    fc.property(fc.array(ascendingPoints, { maxLength: 6 }), (lists) => {
      const merged = merge(lists)
      expect(isAscending(merged.t)).toBe(true)
      expect(rows(merged)).toEqual(model(lists))
    }),
    { numRuns: runs(1_000) },
  )
})

test('points that arrive out of order or twice are put in order, and the last of a time is kept', () => {
  fc.assert(
    fc.property(anyPoints, (points) => {
      const { points: ordered, duplicates, changed } = order(points)
      expect(rows(ordered)).toEqual(model([points]))
      expect(ordered.n + duplicates + changed).toBe(points.n)
    }),
    { numRuns: runs(1_000) },
  )
})

test('a time said three times in one request counts what was left out as the same or as changed', () => {
  const { points, duplicates, changed } = order(pointsOf([5, 1, 5, 5], [70, 60, 71, 70]))
  expect([...points.t]).toEqual([1, 5])
  expect([...points.v]).toEqual([60, 70])
  expect({ duplicates, changed }).toEqual({ duplicates: 1, changed: 1 })
})

test('what a slice adds and what was known make up the merged whole', () => {
  fc.assert(
    fc.property(ascendingPoints, ascendingPoints, (known, slice) => {
      const { tally, fresh } = compare(slice, known)
      // 0 and −0 are the same reading, so which of them is kept does not matter.
      const plain = (list: string[]) => list.map((row) => row.replace(' -0 ', ' 0 '))
      expect(plain(rows(merge([known, fresh])))).toEqual(plain(model([known, slice])))
      const times = new Set(known.t)
      expect(tally.accepted).toBe([...slice.t].filter((time) => !times.has(time)).length)
      expect(tally.accepted + tally.duplicates + tally.changed).toBe(slice.n)
    }),
    { numRuns: runs(1_000) },
  )
})

test('a second delivery of the same points adds nothing', () => {
  fc.assert(
    fc.property(ascendingPoints, (points) => {
      const { tally, fresh } = compare(points, points)
      expect(tally).toEqual({ accepted: 0, duplicates: points.n, changed: 0 })
      expect(fresh.n).toBe(0)
    }),
    { numRuns: runs(200) },
  )
})

test('another length of the same value is a change', () => {
  const known = pointsOf([0], [100], { d: Float64Array.of(60_000) })
  const { tally } = compare(pointsOf([0], [100], { d: Float64Array.of(30_000) }), known)
  expect(tally).toEqual({ accepted: 0, duplicates: 0, changed: 1 })
})

test('the same reading with a better known quality is a duplicate whose later form is kept', () => {
  const { tally, fresh } = compare(pointsOf([0], [100], { q: Uint32Array.of(1) }), pointsOf([0], [100]))
  expect(tally.duplicates).toBe(1)
  expect(fresh.n).toBe(1)
})

test('nothing merged with nothing is nothing', () => {
  expect(merge([]).n).toBe(0)
  expect(merge([noPoints(), slicePoints(pointsOf([1], [2]), 1, 1)]).n).toBe(0)
})
