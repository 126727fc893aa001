import { expect, test } from 'vitest'
import { timeAxis } from './time-axis.ts'

const hour = 3_600_000
const day = 24 * hour

test('months carry their year at the first mark and at each new year', () => {
  const words = timeAxis({ locale: 'en-GB', timeZone: 'UTC' })
  const splits = [Date.UTC(2025, 10, 1), Date.UTC(2025, 11, 1), Date.UTC(2026, 0, 1)]
  expect(words(splits, 28 * day)).toEqual(['Nov\n2025', 'Dec', 'Jan\n2026'])
})

test('hours carry their date where a day begins, by the clock of the reader', () => {
  const words = timeAxis({ locale: 'en-GB', timeZone: 'Europe/Berlin' })
  const splits = [Date.UTC(2026, 5, 1, 20), Date.UTC(2026, 5, 1, 22)]
  expect(words(splits, 2 * hour)).toEqual(['22:00\n1 Jun', '0:00\n2 Jun'])
})
