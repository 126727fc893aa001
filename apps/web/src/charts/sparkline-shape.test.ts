import { expect, test } from 'vitest'
import { gapless } from './sparkline-shape.ts'

test('days without a value part the line', () => {
  expect(gapless([null, 1, 2, null, null, 3, null]).map((run) => run.map(({ index }) => index))).toEqual([[1, 2], [5]])
  expect(gapless([null, null])).toEqual([])
})
