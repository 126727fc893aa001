import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Suppression } from '../platform/suppressions/suppression.ts'
import { normalise } from './normalise.ts'
import { suppress } from './suppress.ts'

const day = Date.UTC(2025, 0, 10)
const hour = 3_600_000
const one = (more: Partial<Suppression> = {}): Suppression => ({
  id: 's',
  userId: 'u',
  sourceId: null,
  metric: null,
  externalId: null,
  from: day,
  to: day + 2 * hour,
  ...more,
})
const columns = (...readings: Parameters<typeof normalise>[0]) => normalise(readings)
const pulse = (n = 4) => ({
  kind: 'series' as const,
  metric: 'heart_rate',
  t: Float64Array.from({ length: n }, (_, i) => day + i * hour),
  v: Float64Array.from({ length: n }, (_, i) => 60 + i),
})

test('nothing deleted costs nothing: what came goes on as it is', () => {
  const sound = columns(pulse())
  expect(suppress(sound, []).left).toBe(sound)
  expect(suppress(sound, [one({ metric: 'steps' })]).left.columns[0]).toBe(sound.columns[0])
})

test('the range is kept away, its start included and its end not, and values keep the place they had', () => {
  const { left, counts, bySuppression } = suppress(columns(pulse()), [one({ metric: 'heart_rate' })])
  expect([...(left.columns[0]?.points.v ?? [])]).toEqual([62, 63])
  expect([...(left.columns[0]?.places ?? [])]).toEqual([2, 3])
  expect([counts, [...bySuppression]]).toEqual([[2], [['s', 2]]])
})

test('every kind that can be measured is held against it', () => {
  const at = day + hour
  const { left, counts } = suppress(
    columns(
      { kind: 'sample', metric: 'heart_rate', t: at, value: 60 },
      { kind: 'day', metric: 'resting_heart_rate', date: '2025-01-10', value: 50 },
      { kind: 'event', metric: 'blood_pressure', start: at, value: { systolic: 120, diastolic: 80 } },
      {
        kind: 'positions',
        track: { t: Float64Array.of(at, day + 3 * hour), lat: Float64Array.of(1, 2), lon: Float64Array.of(1, 2) },
      },
      { kind: 'stage', stage: 'deep', start: at, end: at + hour },
    ),
    [one()],
  )
  expect(counts).toEqual([1, 1, 1, 1, 1])
  expect([left.columns, left.days, left.events, left.stages]).toEqual([[], [], [], []])
  expect([...(left.ways[0]?.track.lat ?? [])]).toEqual([2])
})

test('one event can be kept away by its source’s name for it, and another of that time stays', () => {
  const dose = (externalId: string) => ({
    kind: 'event' as const,
    metric: 'blood_pressure',
    start: day,
    value: { systolic: 1, diastolic: 1 },
    externalId,
  })
  const { left } = suppress(columns(dose('a'), dose('b'), pulse(1)), [
    one({ metric: 'blood_pressure', externalId: 'a' }),
  ])
  expect(left.events.map(({ externalId }) => externalId)).toEqual(['b'])
  expect(left.columns).toHaveLength(1)
  const ofASession = one({ externalId: 'a' })
  expect(suppress(columns(dose('a')), [ofASession]).left.events).toHaveLength(1)
})

test('of any suppressions every value is either left or counted, once', () => {
  const some = fc.record({ from: fc.integer({ min: -2, max: 6 }), length: fc.integer({ min: 0, max: 4 }) })
  fc.assert(
    fc.property(fc.array(some, { maxLength: 5 }), (all) => {
      const known = all.map(({ from, length }, i) =>
        one({ id: `${i}`, from: day + from * hour, to: day + (from + length) * hour }),
      )
      const { left, counts, bySuppression } = suppress(columns(pulse(5)), known)
      const stays = left.columns[0]?.points.n ?? 0
      const away = [...bySuppression.values()].reduce((sum, n) => sum + n, 0)
      expect([stays + away, counts[0]]).toEqual([5, away])
      for (const t of left.columns[0]?.points.t ?? [])
        expect(known.some(({ from, to }) => t >= from && t < to)).toBe(false)
    }),
    { numRuns: runs(300) },
  )
})
