/** Points as hostile as the codec must bear, for property tests. */
import fc from 'fast-check'
import { noOffset, type Points, pointsOf } from '../points.ts'

const nasty = [-0, 0, 5e-324, -5e-324, 2.2250738585072014e-308, 1e308, -1e308, 1.7976931348623157e308]
const edges = [2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, -(2 ** 53) - 2, 2 ** 50, 2 ** 50 - 1, 0.1 + 0.2, 1e-6, 1e-7, 1 / 3]

export const anyValue: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 220 }) },
  { weight: 4, arbitrary: fc.integer({ min: -1e9, max: 1e9 }).map((x) => x / 100) },
  { weight: 1, arbitrary: fc.integer({ min: -(2 ** 50), max: 2 ** 50 }).map((x) => x / 1e6) },
  { weight: 1, arbitrary: fc.constantFrom(...nasty, ...edges) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
)

const anyTime = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 200 }).map((s) => 1_760_000_000_000 + s * 1000) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 400_000 }).map((ms) => 1_760_000_000_000 + ms) },
  { weight: 1, arbitrary: fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }) },
)

const onePoint = fc.record({
  t: anyTime,
  v: anyValue,
  d: fc.oneof(fc.constant(0), fc.constant(60_000), fc.integer({ min: 0, max: 1e9 })),
  q: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4_294_967_295 })),
  z: fc.constantFrom(noOffset, 0, 60, -720, 840),
  m: fc.integer({ min: 0, max: 3 }),
  u: fc.constantFrom(null, 'lb', '°F', 'mg/dL'),
})
export type OnePoint = typeof onePoint extends fc.Arbitrary<infer T> ? T : never

/** Columns of a list of points; `columns` says which optional ones exist at all. */
export function toPoints(list: readonly OnePoint[], columns: boolean): Points {
  return pointsOf(
    list.map((p) => p.t),
    list.map((p) => p.v),
    columns
      ? {
          d: Float64Array.from(list, (p) => p.d),
          q: Uint32Array.from(list, (p) => p.q),
          z: Int16Array.from(list, (p) => p.z),
          m: Uint8Array.from(list, (p) => p.m),
          u: list.map((p) => p.u),
        }
      : {},
  )
}

/** In any order, times may repeat. */
export const anyPoints: fc.Arbitrary<Points> = fc
  .tuple(fc.array(onePoint, { maxLength: 60 }), fc.boolean())
  .map(([list, columns]) => toPoints(list, columns))

/** Each time once, ascending. */
export const ascendingPoints: fc.Arbitrary<Points> = fc
  .tuple(fc.uniqueArray(onePoint, { maxLength: 40, selector: (p) => p.t }), fc.boolean())
  .map(([list, columns]) =>
    toPoints(
      list.sort((a, b) => a.t - b.t),
      columns,
    ),
  )

/** Every point whole, as a plain value to compare: absent columns spelt out, −0 told from 0. */
export const rows = (p: Points): string[] =>
  Array.from({ length: p.n }, (_, i) =>
    [
      p.t[i],
      Object.is(p.v[i], -0) ? '-0' : p.v[i],
      p.d?.[i] ?? 0,
      p.q?.[i] ?? 0,
      p.z?.[i] ?? noOffset,
      p.m?.[i] ?? 0,
      p.u?.[i] ?? '',
    ]
      .map(String)
      .join(' '),
  )
