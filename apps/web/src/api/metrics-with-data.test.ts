import { expect, test } from 'vitest'
import { extentsOf } from './metrics-with-data.ts'

test('lines of several sources add up to one metric with its first and last time', () => {
  const at = (day: number) => ({ timestamp: new Date(Date.UTC(2026, 0, day)).toISOString() })
  const lines = [
    { metric: 'heart_rate', n: 10, values: [at(3), at(9)] },
    { metric: 'steps', n: 50, values: [at(1)] },
    { metric: 'heart_rate', n: 5, values: [at(1), at(4)] },
    { metric: 'power', n: 0, values: [] },
  ]
  expect(extentsOf(lines)).toEqual([
    { metric: 'steps', samples: 50, sources: 1, first: Date.UTC(2026, 0, 1), last: Date.UTC(2026, 0, 1) },
    { metric: 'heart_rate', samples: 15, sources: 2, first: Date.UTC(2026, 0, 1), last: Date.UTC(2026, 0, 9) },
  ])
})
