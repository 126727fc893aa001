import { expect, test } from 'vitest'
import { thinPath } from './strip-path.ts'

const all = { from: 0, to: 100 }

test('a peak between two steps is not lost', () => {
  expect(thinPath({ x: [0, 1, 2, 50], y: [10, 90, 10, 10] }, all, 10)).toContain('L0 4.0')
})

test('a gap lifts the pen', () => {
  const path = thinPath({ x: [0, 20, 40, 60], y: [1, 2, null, 3] }, all, 10)
  expect(path.match(/M/g)).toHaveLength(2)
})

test('nothing draws nothing', () => {
  expect(thinPath({ x: [], y: [] }, all, 10)).toBe('')
})
