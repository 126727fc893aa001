import { expect, test } from 'vitest'
import { editsOf, takingBack } from './edits-of.ts'

const changed = {
  edited: { title: null, totals: { distance: 10_000 } },
  title: 'Along the river',
  activity: 'running',
  totals: { distance: 12_000 },
}

test('each change is told with what the source had said', () => {
  expect(editsOf(changed)).toEqual([
    { name: 'title', isFigure: false, before: null, now: 'Along the river' },
    { name: 'distance', isFigure: true, before: 10_000, now: 12_000 },
  ])
  expect(editsOf({ ...changed, edited: null })).toEqual([])
})

test('one change is taken back by itself, or all at once', () => {
  const [title, distance] = editsOf(changed)
  expect(takingBack(title ? [title] : [])).toEqual({ title: null })
  expect(takingBack(distance ? [distance] : [])).toEqual({ totals: { distance: null } })
  expect(takingBack(editsOf(changed))).toEqual({ title: null, totals: { distance: null } })
})
