import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buckets } from './buckets.ts'
import { lttb, minMax } from './downsample.ts'
import { isAscending, pointsOf } from './points.ts'
import { ascendingPoints } from './test/arbitrary.ts'

const hour = 3_600_000
const wave = pointsOf(
  Float64Array.from({ length: 10_000 }, (_, i) => i * 1_000),
  Float64Array.from({ length: 10_000 }, (_, i) => (i === 6_789 ? 500 : Math.sin(i / 300))),
)

test.each([
  ['minMax', minMax],
  ['lttb', lttb],
])('%s gives at most the points asked for, real ones, in order', (_, thin) => {
  fc.assert(
    fc.property(ascendingPoints, fc.integer({ min: 1, max: 50 }), (points, n) => {
      const thinned = thin(points, n)
      expect(thinned.n).toBeLessThanOrEqual(n)
      expect(thinned.n > 0).toBe(points.n > 0)
      expect(isAscending(thinned.t)).toBe(true)
      const real = new Map(Array.from(points.t, (t, i) => [t, points.v[i]]))
      for (let i = 0; i < thinned.n; i++) expect(thinned.v[i]).toBe(real.get(thinned.t[i] as number))
    }),
    { numRuns: runs(500) },
  )
})

test.each([
  ['minMax', minMax],
  ['lttb', lttb],
])('%s keeps the one spike of a long recording', (_, thin) => {
  expect(Math.max(...thin(wave, 200).v)).toBe(500)
})

test('lttb keeps the first and the last point', () => {
  const thinned = lttb(wave, 100)
  expect([thinned.n, thinned.t[0], thinned.t[99]]).toEqual([100, 0, 9_999_000])
})

test('an hour of readings becomes its count, lowest, highest, mean, first and last', () => {
  const points = pointsOf([hour, hour + 1, hour + 2, 3 * hour], [70, 60, 80, 50])
  expect(buckets(points, hour, 0)).toEqual([
    { t: hour, n: 3, min: 60, max: 80, avg: 70, first: 70, last: 80, sum: 210 },
    { t: 3 * hour, n: 1, min: 50, max: 50, avg: 50, first: 50, last: 50, sum: 50 },
  ])
})

test('steps of a period that crosses the hour are shared between both hours by time', () => {
  const points = pointsOf([hour - 900_000], [400], { d: Float64Array.of(hour) })
  expect(buckets(points, hour, 0).map(({ t, n, sum }) => ({ t, n, sum }))).toEqual([
    { t: 0, n: 1, sum: 100 },
    { t: hour, n: 0, sum: 300 },
  ])
})

test('sharing an amount out over buckets neither loses nor adds any', () => {
  const amount = fc.record({ t: fc.nat(10 * hour), d: fc.nat(3 * hour), v: fc.nat(5_000) })
  const amounts = fc.uniqueArray(amount, { selector: (a) => a.t, maxLength: 30 })
  fc.assert(
    fc.property(amounts, fc.integer({ min: 60_000, max: hour }), (list, resolution) => {
      list.sort((a, b) => a.t - b.t)
      const points = pointsOf(
        list.map((a) => a.t),
        list.map((a) => a.v),
        { d: Float64Array.from(list, (a) => a.d) },
      )
      const shared = buckets(points, resolution, 0).reduce((sum, bucket) => sum + bucket.sum, 0)
      expect(shared).toBeCloseTo(
        list.reduce((sum, a) => sum + a.v, 0),
        6,
      )
    }),
    { numRuns: runs(300) },
  )
})
