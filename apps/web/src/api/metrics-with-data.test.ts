import { expect, test } from 'vitest'
import { extentsOf } from './metrics-with-data.ts'

test('series of several sources add up to one metric with its first and last time', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString()
  const series = [
    { metric: 'heart_rate', source_id: 'a', n: 10, first_time: at(3), last_time: at(9) },
    { metric: 'steps', source_id: 'a', n: 50, first_time: at(1), last_time: at(1) },
    { metric: 'heart_rate', source_id: 'b', n: 5, first_time: at(1), last_time: at(4) },
    { metric: 'gps', source_id: 'a', n: 5, first_time: at(1), last_time: at(4) },
  ]
  expect(extentsOf(series)).toEqual([
    {
      metric: 'steps',
      samples: 50,
      sources: 1,
      sourceIds: ['a'],
      first: Date.UTC(2026, 0, 1),
      last: Date.UTC(2026, 0, 1),
    },
    {
      metric: 'heart_rate',
      samples: 15,
      sources: 2,
      sourceIds: ['a', 'b'],
      first: Date.UTC(2026, 0, 1),
      last: Date.UTC(2026, 0, 9),
    },
  ])
})
