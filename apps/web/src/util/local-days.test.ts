import { expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  dateIn,
  datesFrom,
  daysBetween,
  dayWords,
  isDate,
  startOfWeek,
  weekday,
} from './local-days.ts'

test('a day later is the next date, also over a change of clocks and a leap day', () => {
  expect(addDays('2026-03-28', 1)).toBe('2026-03-29')
  expect(addDays('2026-03-29', 1)).toBe('2026-03-30')
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(daysBetween('2026-01-01', '2027-01-01')).toBe(365)
})

test('the date is that of the clock on the wall', () => {
  const newYearInLondon = Date.UTC(2026, 0, 1, 0, 30)
  expect(dateIn('Europe/London', newYearInLondon)).toBe('2026-01-01')
  expect(dateIn('America/New_York', newYearInLondon)).toBe('2025-12-31')
})

test('a week begins where the reader begins it', () => {
  expect(weekday('2026-03-15')).toBe(7)
  expect(startOfWeek('2026-03-18', 1)).toBe('2026-03-16')
  expect(startOfWeek('2026-03-18', 7)).toBe('2026-03-15')
})

test('a month before the 31st of March is the last day of February', () => {
  expect(addMonths('2026-03-31', -1)).toBe('2026-02-28')
  expect(addMonths('2026-01-15', -12)).toBe('2025-01-15')
})

test('an address that holds no date is no date', () => {
  expect([isDate('2026-02-30'), isDate('yesterday'), isDate(undefined), isDate('2026-02-28')]).toEqual([
    false,
    false,
    false,
    true,
  ])
})

test('dates up to one that is out', () => {
  expect(datesFrom('2026-02-27', '2026-03-02')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01'])
  expect(datesFrom('2026-03-02', '2026-02-27')).toEqual([])
})

test('near days have names, others their date, the year only where it is not this one', () => {
  const words = dayWords('en-GB', '2026-03-14')
  expect(['2026-03-14', '2026-03-13', '2026-03-10', '2026-02-01', '2025-03-14'].map(words.ago)).toEqual([
    'today',
    'yesterday',
    '4 days ago',
    '1 Feb',
    '14 Mar 2025',
  ])
})
