import { expect, test } from 'vitest'
import { createFormat } from '../../util/format.ts'
import { freshness, shortRange, usualWords, verdictWords } from './words.ts'

const format = createFormat({ locale: 'en-GB', timeZone: 'UTC', units: 'metric' })
const usual = { median: 8_200, low: 8_000, high: 8_900, days: 28 }

test('what is usual is a median and where most days lie', () => {
  expect(usualWords({ metric: 'steps', usual, isSoFar: false }, format)).toBe(
    'Usually 8,200, mostly 8,000\u2060–\u20608,900',
  )
  expect(usualWords({ metric: 'steps', usual, isSoFar: true }, format)).toMatch(
    /^So far; usually 8,200 by the end of the day/,
  )
  expect(usualWords({ metric: 'steps', usual: undefined, isSoFar: false }, format)).toBe(
    'Not enough days yet to say what is usual',
  )
})

test('a unit of both ends is said once, hours and minutes never cut', () => {
  expect(shortRange(['53\u00a0bpm', '56\u00a0bpm'])).toBe('53\u2060–\u206056\u00a0bpm')
  expect(shortRange(['93%', '95%'])).toBe('93\u2060–\u206095%')
  expect(shortRange(['950\u00a0m', '1.2\u00a0km'])).toBe('950\u00a0m\u2060–\u20601.2\u00a0km')
  expect(shortRange(['6 h 40 min', '7 h 20 min'])).toBe('6 h 40 min\u2060–\u20607 h 20 min')
})

test('amounts are more, gauges higher', () => {
  expect([verdictWords('above', 'steps'), verdictWords('below', 'resting_heart_rate')]).toEqual([
    'More than usual',
    'Lower than usual',
  ])
})

test('a figure of an older day says which', () => {
  const of = (date: string, last_time: string | null = null) => ({ day: { date, last_time } })
  expect(freshness(of('2026-03-26'), '2026-03-29', '2026-03-29', format)).toBe('3 days ago')
  expect(freshness(of('2026-03-20', '2026-03-20T21:40:00Z'), '2026-03-20', '2026-03-29', format)).toBe('until 21:40')
})
