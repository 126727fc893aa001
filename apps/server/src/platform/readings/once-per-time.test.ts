import { expect, test } from 'vitest'
import { oncePerTime } from './once-per-time.ts'

const series = (t: number[], v: number[]) => ({
  kind: 'series' as const,
  metric: 'heart_rate',
  t: Float64Array.from(t),
  v: Float64Array.from(v),
})

test('of two values at one time the last counts, and each kept one knows its place in the file', () => {
  const { series: kept, repeated } = oncePerTime(series([1, 2, 2, 3], [10, 20, 21, 30]))
  expect(repeated).toBe(1)
  expect([...kept.t]).toEqual([1, 2, 3])
  expect([...kept.v]).toEqual([10, 21, 30])
  expect([...(kept.places ?? [])]).toEqual([0, 2, 3])
})

test('times become whole milliseconds, and what then meets is one', () => {
  const { series: kept, repeated } = oncePerTime(series([1.2, 1.4, 2], [10, 11, 20]))
  expect([...kept.t]).toEqual([1, 2])
  expect(repeated).toBe(1)
})

test('a series without repeats keeps its columns as they are', () => {
  const given = series([1, 2], [10, 20])
  const { series: kept, repeated } = oncePerTime(given)
  expect(repeated).toBe(0)
  expect(kept.v).toBe(given.v)
})
