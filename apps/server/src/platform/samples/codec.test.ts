import { type Metric, metrics } from '@tributary/protocol'
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codecVersion, countOf, decode, decodeInto, encode } from './codec.ts'
import { pack, unpack } from './pack.ts'
import { pointsOf } from './points.ts'
import { anyPoints, rows } from './test/arbitrary.ts'

const start = Date.UTC(2026, 0, 5)
const minutes = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => start + i * 60_000)

test('points come back exactly as they went in, whatever doubles they hold', () => {
  fc.assert(
    fc.property(anyPoints, (points) => {
      const bytes = encode(points)
      expect(rows(decode(bytes))).toEqual(rows(points))
      expect(countOf(bytes)).toBe(points.n)
    }),
    { numRuns: runs(2_000) },
  )
})

test.each(Object.entries(metrics))(
  'any value of %s comes back exactly, as it was sent or converted from another unit',
  (_, metric: Metric) => {
    const [min, max] = metric.reject ?? [-1e6, 1e6]
    const value = fc.oneof(
      fc.double({ min, max, noNaN: true }),
      fc
        .tuple(fc.double({ min, max, noNaN: true }), fc.integer({ min: 0, max: 6 }))
        .map(([x, digits]) => Number(x.toFixed(digits))),
      fc.double({ min, max, noNaN: true }).map((x) => Math.fround(x)),
      fc.double({ min, max, noNaN: true }).map((x) => Number(x.toFixed(1)) * 0.45359237),
    )
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), (values) => {
        const points = pointsOf(minutes(values.length), values)
        expect(rows(decode(encode(points)))).toEqual(rows(points))
      }),
      { numRuns: runs(40) },
    )
  },
)

test('a packed chunk reads the same deflated or not', () => {
  fc.assert(
    fc.property(anyPoints, fc.boolean(), (points, deflate) => {
      const bytes = encode(points)
      expect(unpack(pack(bytes, deflate)).equals(bytes)).toBe(true)
    }),
    { numRuns: runs(300) },
  )
})

test('times and values alone can be read into the columns of a year', () => {
  fc.assert(
    fc.property(anyPoints, (points) => {
      const t = new Float64Array(points.n + 2).fill(-1)
      const v = new Float64Array(points.n + 2).fill(-1)
      expect(decodeInto(encode(points), t, v, 1)).toBe(points.n)
      expect([...t]).toEqual([-1, ...points.t, -1])
      expect([...v]).toEqual([-1, ...points.v, -1])
    }),
    { numRuns: runs(300) },
  )
})

test('the first byte is the version, and an unknown one is refused', () => {
  const bytes = encode(pointsOf([start], [61]))
  expect(bytes[0]).toBe(codecVersion)
  bytes[0] = 9
  expect(() => decode(bytes)).toThrow('unknown version 9')
})

test('a minute-by-minute day of steps takes under half a byte a point', () => {
  const steps = Float64Array.from({ length: 1_440 }, (_, i) => (i % 180 < 25 ? 60 + ((i * 7) % 40) : 0))
  const points = pointsOf(minutes(1_440), steps, { d: new Float64Array(1_440).fill(60_000) })
  expect(encode(points).length / 1_440).toBeLessThan(0.5)
})

test('decimals of a scale cost as little as whole numbers', () => {
  const kilos = Float64Array.from({ length: 60 }, (_, i) => (8_250 + (i % 9)) / 100)
  expect(encode(pointsOf(minutes(60), kilos)).length).toBeLessThan(85)
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  '%s is no value and is refused',
  (value) => {
    expect(() => encode(pointsOf([start, start + 1], [1, value]))).toThrow('is not a value')
  },
)

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 50])('%s is no time and is refused', (time) => {
  expect(() => encode(pointsOf([start, time], [1, 1]))).toThrow(/whole milliseconds|reach/)
})

test('bytes that end too soon or too late are refused, never read as other points', () => {
  const bytes = encode(
    pointsOf(
      minutes(60),
      Float64Array.from({ length: 60 }, (_, i) => 60 + ((i * 31) % 17)),
    ),
  )
  for (let length = 1; length < bytes.length; length++) expect(() => decode(bytes.subarray(0, length))).toThrow()
  expect(() => decode(Buffer.concat([bytes, Buffer.of(0)]))).toThrow('1 bytes too many')
})
