import { expect, test } from 'vitest'
import { bucketsOf, lastYear, neighbour, periodOf } from './periods.ts'

const known = { firstWeekday: 1, first: '2024-03-09', last: '2026-11-28' }

test('a date is in its week, month and year', () => {
  expect(periodOf('week', '2026-11-28', known)).toEqual({ from: '2026-11-23', to: '2026-11-30' })
  expect(periodOf('month', '2026-11-28', known)).toEqual({ from: '2026-11-01', to: '2026-12-01' })
  expect(periodOf('year', '2026-11-28', known)).toEqual({ from: '2026-01-01', to: '2027-01-01' })
  expect(periodOf('all', '2026-11-28', known)).toEqual({ from: '2024-03-01', to: '2026-12-01' })
})

test('the period before ends where this one begins, whatever the length of its months', () => {
  expect(neighbour('month', { from: '2026-03-01', to: '2026-04-01' }, -1)).toEqual({
    from: '2026-02-01',
    to: '2026-03-01',
  })
  expect(neighbour('year', { from: '2025-01-01', to: '2026-01-01' }, -1)).toEqual({
    from: '2024-01-01',
    to: '2025-01-01',
  })
  expect(neighbour('week', { from: '2026-11-23', to: '2026-11-30' }, 1)).toEqual({
    from: '2026-11-30',
    to: '2026-12-07',
  })
  expect(neighbour('all', { from: '2024-03-01', to: '2026-12-01' }, -1)).toBeUndefined()
})

test('the same period last year has the same weekdays or the same month', () => {
  expect(lastYear('week', { from: '2026-11-23', to: '2026-11-30' })).toEqual({ from: '2025-11-24', to: '2025-12-01' })
  expect(lastYear('month', { from: '2026-02-01', to: '2026-03-01' })).toEqual({ from: '2025-02-01', to: '2025-03-01' })
  expect(lastYear('year', { from: '2026-01-01', to: '2027-01-01' })).toBeUndefined()
})

test('a year is told in weeks that no day is missing from, many years in months', () => {
  const weeks = bucketsOf('year', { from: '2026-01-01', to: '2027-01-01' }, 1)
  expect(weeks[0]).toEqual({ from: '2026-01-01', to: '2026-01-05' })
  expect(weeks.at(-1)).toEqual({ from: '2026-12-28', to: '2027-01-01' })
  expect(weeks.every(({ from }, at) => at === 0 || weeks[at - 1]?.to === from)).toBe(true)
  expect(bucketsOf('all', { from: '2024-03-01', to: '2026-12-01' }, 1)).toHaveLength(33)
  expect(bucketsOf('month', { from: '2026-02-01', to: '2026-03-01' }, 1)).toHaveLength(28)
})
