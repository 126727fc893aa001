import { expect, test } from 'vitest'
import { createFormat } from './format.ts'
import { failureWords } from './run-words.ts'

const format = createFormat({ locale: 'en-GB', timeZone: 'Europe/Berlin', units: 'metric' })
const message = 'Suunto asks us to wait before asking again'

test('until when a brand asks us to wait is said in the reader’s own form', () => {
  const until = failureWords(
    { error_message: message, error_details: { retry_at: '2026-11-29T08:51:13.624Z' } },
    format,
  )
  expect(until).toMatch(/^Suunto asks us to wait before asking again, until 29 Nov, 0?9:51$/)
})

test('a failure without a time to wait for is its sentence alone', () => {
  expect(failureWords({ error_message: message, error_details: { lists: [] } }, format)).toBe(message)
  expect(failureWords({ error_message: message, error_details: null }, format)).toBe(message)
})
