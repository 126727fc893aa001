import { expect, test } from 'vitest'
import { ownRange, presetRange, rangeSearch, shift, zoom } from './time-range.ts'

const day = 86_400_000
const now = Date.UTC(2026, 10, 21, 12)

test('a week ends with the newest value, not with today', () => {
  const last = Date.UTC(2026, 2, 3, 8, 0, 30)
  expect(presetRange('week', { first: 0, last }, now)).toEqual({
    from: Date.UTC(2026, 1, 24, 8, 1),
    to: Date.UTC(2026, 2, 3, 8, 1),
  })
})

test('a range ends after its newest value, because its end is not part of it', () => {
  const last = Date.UTC(2026, 2, 3, 8, 0)
  expect(presetRange('day', { first: last, last }, now).to).toBeGreaterThan(last)
})

test('all time is from the oldest value to the newest', () => {
  const range = presetRange('all', { first: Date.UTC(2011, 5, 26), last: Date.UTC(2026, 0, 1) }, now)
  expect(range.from).toBe(Date.UTC(2011, 5, 26))
  expect(presetRange('all', undefined, now).to - presetRange('all', undefined, now).from).toBe(365 * day)
})

test('zooming keeps the middle and never ends in nothing or in eternity', () => {
  expect(zoom({ from: 0, to: 100 * day }, 0.5)).toEqual({ from: 25 * day, to: 75 * day })
  const near = zoom({ from: 0, to: 10_000 }, 0.5)
  expect(near.to - near.from).toBe(10_000)
  const far = zoom({ from: 0, to: 60 * 365 * day }, 2)
  expect(far.to - far.from).toBe(60 * 365 * day)
})

test('half a window earlier', () => {
  expect(shift({ from: 0, to: 10 * day }, -0.5)).toEqual({ from: -5 * day, to: 5 * day })
})

test('an own range survives the way through the address', () => {
  const range = { from: now - day, to: now }
  expect(ownRange(rangeSearch(range))).toEqual(range)
  expect(ownRange({ from: 'rubbish', to: 'tomorrow' })).toBeUndefined()
  expect(ownRange({ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' })).toBeUndefined()
})
