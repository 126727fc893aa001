import { expect, test } from 'vitest'
import { judgeTold } from './judge-told.ts'

const now = Date.parse('2026-03-10T00:00:00Z')
const t = Date.parse('2026-03-01T06:00:00Z')

test('values over time, of days and of events are shown as they would be stored, each with its place', () => {
  const { values, rejected } = judgeTold(
    [
      { kind: 'day', metric: 'resting_heart_rate', date: '2026-03-01', value: 51 },
      { kind: 'sample', metric: 'body_mass', t, value: 100, unit: 'lb', offset: 60 },
      { kind: 'sample', metric: 'steps', t, value: 90, duration: 60_000 },
      { kind: 'event', metric: 'hba1c', start: t, value: { value: 5.4 }, externalId: 'a' },
    ],
    now,
  )
  const none = { time: null, endTime: null, date: null, offsetMinutes: null }
  expect(rejected).toEqual([])
  expect(values).toMatchObject([
    { ...none, index: 0, metric: 'resting_heart_rate', value: 51, unit: 'bpm', date: '2026-03-01' },
    {
      ...none,
      index: 1,
      value: expect.closeTo(45.359, 3),
      unit: 'kg',
      time: '2026-03-01T06:00:00Z',
      offsetMinutes: 60,
    },
    { ...none, index: 2, value: 90, time: '2026-03-01T06:00:00Z', endTime: '2026-03-01T06:01:00Z' },
    { ...none, index: 3, metric: 'hba1c', value: 5.4, unit: '%', time: '2026-03-01T06:00:00Z' },
  ])
})

test('what would be refused says why and which it was', () => {
  const { values, rejected } = judgeTold(
    [
      { kind: 'sample', metric: 'body_mass', t, value: 9_000 },
      { kind: 'sample', metric: 'body_mass', t: now + 86_400_000, value: 70 },
      { kind: 'day', metric: 'resting_heart_rate', date: '2026-02-30', value: 51 },
      { kind: 'sample', metric: 'body_mass', t, value: 70 },
    ],
    now,
  )
  expect(values).toMatchObject([{ index: 3 }])
  expect(rejected.map(({ index, code }) => [index, code])).toEqual([
    [0, 'out_of_range'],
    [1, 'time_in_future'],
    [2, 'date_invalid'],
  ])
})
