import { expect, test } from 'vitest'
import { dayByKey, monthOr, weeksOf } from './month.ts'

test('a month is shown in whole weeks from the weekday that people begin with', () => {
  const march = weeksOf('2026-03', 1)
  expect([march[0]?.[0], march.at(-1)?.[6]]).toEqual(['2026-02-23', '2026-04-05'])
  expect(weeksOf('2026-03', 7)[0]?.[0]).toBe('2026-03-01')
  expect(weeksOf('2026-02', 7)).toHaveLength(4)
  expect(weeksOf('2026-08', 1)).toHaveLength(6)
})

test('a wrong address shows this month', () => {
  expect([monthOr('2025-07', '2026-03-05'), monthOr('2026-13', '2026-03-05')]).toEqual(['2025-07', '2026-03'])
})

test('arrows move by days and weeks, page keys by months that may be shorter', () => {
  expect(dayByKey('2026-03-31', 'ArrowRight')).toBe('2026-04-01')
  expect(dayByKey('2026-03-31', 'ArrowUp')).toBe('2026-03-24')
  expect(dayByKey('2026-03-31', 'PageUp')).toBe('2026-02-28')
  expect(dayByKey('2026-03-31', 'a')).toBeUndefined()
})
