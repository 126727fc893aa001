import { expect, test } from 'vitest'
import { questionOf } from './question.ts'

test('days of a filter begin and end where the person lives, both included', () => {
  expect(questionOf({ from: '2026-03-28', to: '2026-03-29' }, 'Europe/Berlin')).toEqual({
    start_time: '2026-03-27T23:00:00.000Z',
    end_time: '2026-03-29T22:00:00.000Z',
  })
})

test('an address somebody typed wrongly asks for what of it makes sense', () => {
  const odd = { kind: 'nap', source: 'me', from: '2026-13-40', distance: 'far', duration: '-5', q: 'run' }
  expect(questionOf(odd, 'UTC')).toEqual({ q: 'run' })
})

test('every filter of the address is asked for', () => {
  const source = '0199a9a5-0000-7000-8000-000000000000'
  expect(
    questionOf({ kind: 'workout', activity: 'running', source, distance: '5000m', duration: '1800s' }, 'UTC'),
  ).toEqual({ type: 'workout', activity: 'running', source, min_distance: 5_000, min_duration: 1_800 })
})
