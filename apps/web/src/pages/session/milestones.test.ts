import { expect, test } from 'vitest'
import { milestones } from './milestones.ts'

test('a way of two and a half kilometres is told at its start, after one, after two, and at its end', () => {
  const metres = Array.from({ length: 251 }, (_, i) => i * 10)
  expect(milestones(metres, 1_000)).toEqual([0, 100, 200, 250])
})

test('a kilometre that was passed without a position is told at the next point there is', () => {
  expect(milestones([0, 900, null, 2_100, 2_200], 1_000)).toEqual([0, 3, 4])
  expect(milestones([null, null], 1_000)).toEqual([])
})
