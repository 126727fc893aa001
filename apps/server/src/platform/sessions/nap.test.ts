import { expect, test } from 'vitest'
import { localDate, offsetOf } from './local-time.ts'
import { isNap } from './nap.ts'

const sleep = (from: string, to: string, offset: number | null = 0) => ({
  start: Date.parse(`${from}Z`),
  end: Date.parse(`${to}Z`),
  offset,
})

test.each([
  ['half an hour after lunch is a nap', sleep('2025-03-02T13:00', '2025-03-02T13:30'), true],
  ['three hours are none', sleep('2025-03-02T13:00', '2025-03-02T16:00'), false],
  ['an hour at night is none', sleep('2025-03-02T23:00', '2025-03-03T00:00'), false],
  ['mostly before nine in the evening is a nap', sleep('2025-03-02T20:00', '2025-03-02T21:45'), true],
  ['mostly after it is none', sleep('2025-03-02T20:30', '2025-03-02T21:45'), false],
  ['mostly after eight in the morning is a nap', sleep('2025-03-02T07:30', '2025-03-02T09:00'), true],
  ['across midnight is none', sleep('2025-03-02T23:30', '2025-03-03T01:00'), false],
  ['nothing is none', sleep('2025-03-02T13:00', '2025-03-02T13:00'), false],
])('%s', (_, given, answer) => {
  expect(isNap(given, 'UTC')).toBe(answer)
})

test('the clock on the wall decides: the offset that the source says, else the person’s zone', () => {
  const given = sleep('2025-03-02T13:00', '2025-03-02T14:00', null)
  expect(isNap(given, 'Europe/Paris')).toBe(true)
  expect(isNap(given, 'Asia/Tokyo')).toBe(false)
  expect(isNap({ ...given, offset: 0 }, 'Asia/Tokyo')).toBe(true)
})

test('zones have the offset of the moment, on both sides of a clock change', () => {
  expect(offsetOf(Date.parse('2025-03-30T00:59:59Z'), 'Europe/Paris')).toBe(60)
  expect(offsetOf(Date.parse('2025-03-30T01:00:00Z'), 'Europe/Paris')).toBe(120)
  expect(offsetOf(0, 'Asia/Kathmandu')).toBe(330)
  expect(offsetOf(Date.parse('2025-01-01T00:00:00Z'), 'America/St_Johns')).toBe(-210)
  expect(localDate(Date.parse('2025-01-01T20:00:00Z'), null, 'Asia/Tokyo')).toBe('2025-01-02')
  expect(localDate(Date.parse('2025-01-01T20:00:00Z'), -60, 'Asia/Tokyo')).toBe('2025-01-01')
  expect(localDate(Date.parse('2025-01-01T20:00:00Z'), null, 'Nowhere/Else')).toBe('2025-01-01')
})
