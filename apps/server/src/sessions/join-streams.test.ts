import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinStreams } from './join-streams.ts'

const gap = Number.NaN
const stream = (...points: [number, number][]) => ({
  t: Float64Array.from(points, ([t]) => t),
  v: Float64Array.from(points, ([, v]) => v),
})

test('streams share the union of their times, and have gaps where they have no value', () => {
  const joined = joinStreams(
    new Map([
      ['heart_rate', stream([1, 120], [2, 121], [4, 125])],
      ['power', stream([2, 200], [3, 210])],
    ]),
  )
  expect([...joined.time]).toEqual([1, 2, 3, 4])
  expect([...(joined.columns.get('heart_rate') ?? [])]).toEqual([120, 121, gap, 125])
  expect([...(joined.columns.get('power') ?? [])]).toEqual([gap, 200, 210, gap])
})

test('no streams make no rows', () => {
  expect(joinStreams(new Map()).time.length).toBe(0)
})

test('every value of every stream stands in its column at its time, and nothing else does', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 20 })
  fc.assert(
    fc.property(fc.array(times, { maxLength: 4 }), (all) => {
      const given = all.map((list) => [...list].sort((a, b) => a - b).map((t): [number, number] => [t, t * 10 + 1]))
      const { time, columns } = joinStreams(new Map(given.map((points, i) => [`s${i}`, stream(...points)])))
      expect([...time]).toEqual([...new Set(all.flat())].sort((a, b) => a - b))
      for (const [i, points] of given.entries()) {
        const column = columns.get(`s${i}`) ?? new Float64Array()
        const found = [...time]
          .map((t, row): [number, number] => [t, column[row] as number])
          .filter(([, v]) => !Number.isNaN(v))
        expect(found).toEqual(points)
      }
    }),
  )
})
