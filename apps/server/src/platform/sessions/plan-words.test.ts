import { expect, test } from 'vitest'
import { editsOf, isSame, type PlanWords, saidOf, shownOf } from './plan-words.ts'

const said: PlanWords = {
  activity: 'running',
  title: 'Tempo',
  description: '3 × 10 min',
  scheduled_on: '2026-11-12',
  start_time: '2026-11-12T17:00:00.000Z',
  duration: 3_600,
  distance: 10_000,
}

test('what a person changed stands beside what the source says, and goes when both say the same', () => {
  const shown = { ...said, title: 'Tempo with Ada', distance: null }
  const edits = editsOf(said, shown)
  expect(edits).toEqual({ title: 'Tempo', distance: 10_000 })
  expect(saidOf(shown, edits)).toEqual(said)
  expect(editsOf(said, said)).toBeNull()
})

test('what the source says anew is shown but where the person changed it', () => {
  const shown = { ...said, title: 'Tempo with Ada' }
  const told = { ...said, title: 'Tempo, longer', duration: 4_200, description: null }
  const next = shownOf(told, shown, editsOf(said, shown))
  expect(next).toEqual({ ...told, title: 'Tempo with Ada' })
  expect(editsOf(told, next)).toEqual({ title: 'Tempo, longer' })
  const agreed = { ...told, title: 'Tempo with Ada' }
  expect(editsOf(agreed, shownOf(agreed, next, editsOf(told, next)))).toBeNull()
})

test('a plan that was moved to another day keeps its time there, whatever time its source gives it', () => {
  const moved = { ...said, scheduled_on: '2026-11-13', start_time: null }
  const kept = { ...said, scheduled_on: '2026-11-13' }
  const told = { ...said, start_time: '2026-11-12T06:00:00.000Z' }
  expect(shownOf(told, moved, editsOf(said, moved))).toEqual(moved)
  expect(shownOf(told, kept, editsOf(said, kept))).toEqual(kept)
})

test('one word that differs makes another plan', () => {
  for (const name of Object.keys(said) as (keyof PlanWords)[])
    expect(isSame(said, { ...said, [name]: null } as unknown as PlanWords), name).toBe(false)
  expect(isSame(said, { ...said })).toBe(true)
})
