import { expect, test } from 'vitest'
import { createFormat } from '../util/format.ts'
import { describeChart } from './describe.ts'

const format = createFormat({ locale: 'en-GB', timeZone: 'UTC', units: 'metric' })
const from = Date.UTC(2026, 2, 14)
const to = Date.UTC(2026, 2, 15)

test('a chart says its range, its extremes and its last value', () => {
  const column = { x: [from, from + 3_600_000], y: [48, 172] }
  const sentence = describeChart(
    { title: 'Heart rate', from, to, isAmount: false, lines: [{ label: 'Watch', column, samples: 2 }] },
    format.measure('heart_rate'),
    format,
  )
  expect(sentence).toBe(
    'Heart rate from 14 Mar 2026, 0:00 to 15 Mar 2026, 0:00. Watch: between 48 bpm and 172 bpm, 2 values; the last one is 172 bpm on 14 Mar, 1:00.',
  )
})

test('amounts are told as their sum', () => {
  const column = { x: [from, from + 3_600_000], y: [500, 700] }
  const sentence = describeChart(
    { title: 'Steps', from, to, isAmount: true, lines: [{ label: 'Phone', column, samples: 20 }] },
    format.measure('steps'),
    format,
  )
  expect(sentence).toContain('Phone: 1,200 in all, 20 values')
})

test('the spread of means counts, not the means', () => {
  const column = { x: [from], y: [60], low: [41], high: [190] }
  const sentence = describeChart(
    { title: 'Heart rate', from, to, isAmount: false, lines: [{ label: 'Watch', column, samples: 1_440 }] },
    format.measure('heart_rate'),
    format,
  )
  expect(sentence).toMatch(/Watch: between 41 bpm and 190 bpm, 1,440 values\.$/)
})

test('an empty chart says so', () => {
  expect(describeChart({ title: 'Steps', from, to, isAmount: true, lines: [] }, format.measure('steps'), format)).toBe(
    'No steps from 14 Mar 2026, 0:00 to 15 Mar 2026, 0:00.',
  )
})
