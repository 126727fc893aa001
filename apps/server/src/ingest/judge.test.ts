/** From readings to what would be stored, without a database: names, units, limits, scores. */

import { catalogue, type Measured, metricIds, type SeriesReading } from '@tributary/protocol'
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noOffset } from '../platform/samples/points.ts'
import { normalise } from './normalise.ts'
import { score } from './score.ts'
import type { Sifted } from './sifted.ts'
import { validate } from './validate.ts'

const now = Date.UTC(2024, 5, 1)
const at = (n: number) => now - 86_400_000 + n * 60_000

const series = (metric: string, values: number[], more: Partial<SeriesReading> = {}): SeriesReading => ({
  kind: 'series',
  metric,
  t: Float64Array.from(values, (_, i) => at(i)),
  v: Float64Array.from(values),
  ...more,
})

const judge = (...readings: Measured[]): Sifted & { judged: ReturnType<typeof score> } => {
  const sound = validate(normalise(readings), now)
  return { ...sound, judged: score(readings, sound) }
}
const codes = ({ rejected }: Sifted, reading = 0) => rejected[reading]?.map(({ index, code }) => [index, code])

test('an alias is stored under the metric it means', () => {
  expect(judge(series('pulse', [60])).columns[0]?.metric).toBe('heart_rate')
})

test('what nobody knows is refused value by value', () => {
  const sifted = judge(series('aura', [1, 2]))
  expect(codes(sifted)).toEqual([
    [0, 'data_type_unknown'],
    [1, 'data_type_unknown'],
  ])
  expect(sifted.judged[0]?.received).toBe(2)
})

test('the unit that was spoken stays beside each value that it differs for', () => {
  const [column] = judge(series('body_temperature', [98.6], { unit: '°F' })).columns
  expect(column?.points.v[0]).toBeCloseTo(37, 10)
  expect(column?.points.u).toEqual(['°F'])
  expect(judge(series('body_temperature', [37], { unit: 'Cel' })).columns[0]?.points.u).toBeNull()
})

test('limits hold in the unit of the catalogue, whatever was sent', () => {
  expect(codes(judge(series('body_mass', [1_200, 90], { unit: 'lb' })))).toEqual([[0, 'out_of_range']])
})

test('losses keep the place they had in what was sent', () => {
  const sifted = judge(series('heart_rate', [60, 0, 500, 61], { places: Uint32Array.of(2, 4, 6, 8) }))
  expect(codes(sifted)).toEqual([
    [4, 'zero_is_missing'],
    [6, 'out_of_range'],
  ])
  expect([...(sifted.columns[0]?.places ?? [])]).toEqual([2, 8])
})

test('zero is a real value where nothing moved', () => {
  expect(judge(series('steps', [0])).columns[0]?.points.n).toBe(1)
  expect(judge(series('cadence', [0])).columns[0]?.points.n).toBe(1)
})

test('implausible values are kept and counted', () => {
  const { judged, columns } = judge(series('heart_rate', [25, 60, 250]))
  expect([columns[0]?.points.n, judged[0]?.implausible]).toEqual([3, 2])
})

test('the score is the mean of what was stated, of values that were kept', () => {
  const { judged } = judge(series('heart_rate', [60, 61, 0, 62], { qualities: Uint32Array.of(1, 3, 1, 0) }))
  expect([judged[0]?.quality, judged[0]?.qualities]).toEqual([0.7, 2])
})

test("a file's one offset fills in where the points say none", () => {
  const offsets = Int16Array.of(noOffset, 60)
  expect([...(judge(series('heart_rate', [60, 61], { offsets, offset: 120 })).columns[0]?.points.z ?? [])]).toEqual([
    120, 60,
  ])
})

test('what is not finite never reaches the store', () => {
  const sifted = judge(series('rr_interval', [Number.NaN, Number.POSITIVE_INFINITY, 800]))
  expect(codes(sifted)).toEqual([
    [0, 'value_not_finite'],
    [1, 'value_not_finite'],
  ])
})

test('a time that is not a time is refused', () => {
  const sifted = judge(series('heart_rate', [60, 60], { t: Float64Array.of(Number.NaN, now + 601_000) }))
  expect(codes(sifted)).toEqual([
    [0, 'time_too_early'],
    [1, 'time_in_future'],
  ])
})

test('a plain value of a daily metric is stored on the local date of its clock', () => {
  const t = Float64Array.of(Date.UTC(2024, 0, 1, 23, 30))
  const { days } = judge(series('resting_heart_rate', [50], { t, offset: 60 }))
  expect(days).toMatchObject([{ date: '2024-01-02', value: 50 }])
})

test('today is already tomorrow somewhere', () => {
  const day = (date: string) => judge({ kind: 'day', metric: 'resting_heart_rate', date, value: 50 })
  expect(codes(day('2024-06-01'))).toEqual([])
  expect(codes(day('2024-06-02'))).toEqual([[0, 'time_in_future']])
})

const hostile = fc.oneof(
  fc.double(),
  fc.integer({ min: -10, max: 1_000 }),
  fc.constantFrom(0, -0, 1e308, Number.MIN_VALUE, 2 ** 53),
)

test('of any metric nothing outside its range is kept, and every value is either kept or a loss', () => {
  fc.assert(
    fc.property(fc.constantFrom(...metricIds), fc.array(hostile, { minLength: 1, maxLength: 20 }), (metric, values) => {
      const { columns, days, events, rejected } = judge(series(metric, values))
      const kept = [
        ...columns.flatMap(({ points }) => [...points.v]),
        ...days.map(({ value }) => value),
        ...events.map(({ value }) => value['value'] as number),
      ]
      expect(kept.length + (rejected[0]?.length ?? 0)).toBe(values.length)
      const { reject, kind } = catalogue[metric]
      const least = reject?.[0] ?? (kind.includes('I') ? 0 : Number.NEGATIVE_INFINITY)
      const most =
        days.length && kind.includes('I') ? Number.POSITIVE_INFINITY : (reject?.[1] ?? Number.POSITIVE_INFINITY)
      expect(kept.filter((value) => !(value >= least && value <= most && Number.isFinite(value)))).toEqual([])
    }),
    { numRuns: runs(3_000) },
  )
})
