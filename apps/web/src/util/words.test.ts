import { ProblemError } from '@tributary/sdk'
import { expect, test } from 'vitest'
import { browserWords } from './browser-words.ts'
import { describeDevice, sentenceCase } from './device-words.ts'
import { explainError } from './explain-error.ts'
import { createFormat } from './format.ts'
import { localeFor } from './locale.ts'
import { latestWords, metricTitle } from './metric-words.ts'
import { orderedTotals, sessionTitle, totalTitle } from './session-words.ts'

test('a device says kind, maker and model once each', () => {
  const strap = { device_name: 'Chest strap', device_type: 'heart_rate_monitor', manufacturer: 'Polar', model: 'H10' }
  expect(describeDevice(strap)).toBe('Heart rate monitor · Polar H10')
  const made = {
    device_name: 'Garmin vívoactive HR',
    device_type: 'garmin_vívoactive_hr',
    manufacturer: 'Garmin',
    model: 'vívoactive HR',
  }
  expect(describeDevice(made)).toBe('')
})

test('words of the wire become words', () => {
  expect(sentenceCase('stand_up_paddling')).toBe('Stand up paddling')
  expect(metricTitle('blood_pressure')).toBe('Blood pressure')
  expect(metricTitle('hrv_rmssd')).toBe('Heart rate variability (RMSSD)')
})

test('a blood pressure is read as one value', () => {
  const format = createFormat({ locale: 'en', timeZone: 'UTC', units: 'metric' })
  expect(latestWords({ data_type: 'blood_pressure', systolic: 118, diastolic: 76 }, format)).toBe('118/76\u00a0mmHg')
})

test('figures of a session stand in the order people look for them', () => {
  const names = orderedTotals({ steps: 1, heart_rate_avg: 2, distance: 3, duration: 4 }).map(([name]) => name)
  expect(names).toEqual(['distance', 'duration', 'heart_rate_avg', 'steps'])
  expect(totalTitle('cadence_steps_avg')).toBe('Step cadence, average')
})

test('a session without a title is called after what was done', () => {
  expect(sessionTitle({ title: null, activity: 'cycling', type: 'workout' })).toBe('Cycling')
  expect(sessionTitle({ title: null, activity: 'other', type: 'workout' })).toBe('Workout')
  expect(sessionTitle({ title: null, activity: null, type: 'sleep' })).toBe('Sleep')
})

test('a failure is a sentence with the id that finds it in the log', () => {
  const problem = { code: 'credentials_wrong' as const, title: 'x', status: 401, instance: '0190' }
  expect(explainError(new ProblemError(401, problem))).toEqual({
    sentence: 'That e-mail address and password do not go together. Check both and try again.',
    requestId: '0190',
    fields: {},
  })
  expect(explainError(new TypeError('Failed to fetch')).sentence).toMatch(/cannot be reached/)
  expect(explainError(new TypeError('x is undefined')).sentence).toMatch(/made a mistake/)
})

test('what is wrong with a field stands beside that field', () => {
  const errors = [{ pointer: '/serial_number', detail: 'is too long' }]
  expect(explainError(new ProblemError(400, { code: 'invalid_request', detail: 'no', errors })).fields).toEqual({
    serial_number: 'is too long',
  })
})

test('dates are written as in the English of the browser, unless the profile says which', () => {
  expect(localeFor('en', ['de-DE', 'en-GB'])).toBe('en-GB')
  expect(localeFor('en-US', ['en-GB'])).toBe('en-US')
  expect(localeFor('en', ['en-US@posix', 'C'])).toBe('en-US')
  expect(localeFor('fr', ['en-GB'])).toBe('fr')
})

test('a user agent is a browser on a system', () => {
  expect(browserWords('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/153.0.0.0 Safari/537.36')).toBe(
    'Chrome on Linux',
  )
  expect(browserWords('curl/8.5.0')).toBe('curl')
  expect(browserWords(null)).toBe('An app')
})
