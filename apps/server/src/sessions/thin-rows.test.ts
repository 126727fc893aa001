import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { joinStreams } from './join-streams.ts'
import { thinRows } from './thin-rows.ts'

const gap = Number.NaN
const rows = (n: number, columns: Record<string, (i: number) => number>) => ({
  time: Float64Array.from({ length: n }, (_, i) => i * 1_000),
  columns: new Map(
    Object.entries(columns).map(([name, of]) => [name, Float64Array.from({ length: n }, (_, i) => of(i))]),
  ),
})
const column = (joined: ReturnType<typeof joinStreams>, name: string) => [...(joined.columns.get(name) ?? [])]

describe('a chart of fewer rows', () => {
  test('keeps what fits as it is', () => {
    const joined = rows(10, { power: (i) => i })
    expect(thinRows(joined, 10)).toBe(joined)
  })

  test('keeps the first and the last row, and a lone peak of any stream', () => {
    const joined = rows(5_000, { power: (i) => (i === 3_210 ? 900 : 200), heart_rate: (i) => (i === 77 ? 190 : 120) })
    const thin = thinRows(joined, 100)
    expect(thin.time.length).toBe(100)
    expect([thin.time[0], thin.time.at(-1)]).toEqual([0, 4_999_000])
    expect(column(thin, 'power')).toContain(900)
    expect(column(thin, 'heart_rate')).toContain(190)
  })

  test('does not lose a slow sensor beside a fast one', () => {
    const joined = rows(6_000, {
      power: (i) => 200 + (i % 7),
      ambient_temperature: (i) => (i % 60 === 0 ? 18 + i / 6_000 : gap),
    })
    const thin = thinRows(joined, 100)
    expect(column(thin, 'ambient_temperature').filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(95)
  })

  test('shows only values that were measured, at times that were, in order', () => {
    const value = fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: -50, max: 50 }) },
      { weight: 1, arbitrary: fc.constant(gap) },
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(value, value), { maxLength: 200 }),
        fc.integer({ min: 3, max: 60 }),
        (points, most) => {
          const joined = rows(points.length, { a: (i) => points[i]?.[0] ?? gap, b: (i) => points[i]?.[1] ?? gap })
          const thin = thinRows(joined, most)
          expect(thin.time.length).toBe(Math.min(points.length, most))
          const times = [...thin.time]
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
          for (const t of times) expect(joined.time).toContain(t)
          for (const name of ['a', 'b']) {
            const measured = new Set(column(joined, name))
            for (const shown of column(thin, name)) expect(measured.has(shown) || Number.isNaN(shown)).toBe(true)
          }
        },
      ),
    )
  })
})
