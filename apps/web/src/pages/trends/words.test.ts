import { expect, test } from 'vitest'
import { createFormat } from '../../util/format.ts'
import { dayWords } from '../../util/local-days.ts'
import { changeWords, trendSentence, yearSentence } from './words.ts'

const format = createFormat({ locale: 'en-GB', timeZone: 'UTC', units: 'metric' })
const miles = createFormat({ locale: 'en-US', timeZone: 'UTC', units: 'imperial' })
const words = dayWords('en-GB', '2026-11-28')

test('a change is told in percent of amounts, in units of gauges, in minutes of nights', () => {
  expect(changeWords('steps', 8_800, 8_000, format)).toBe('10% more')
  expect(changeWords('resting_heart_rate', 54, 56, format)).toBe('2\u00a0bpm lower')
  expect(changeWords('sleep_total', 25_200, 24_000, format)).toBe('20 min more')
  expect(changeWords('resting_heart_rate', 54.2, 54.4, format)).toBe('the same')
  expect(changeWords('steps', 8_830, 8_800, format)).toBe('30 more')
})

test('a degree of difference is 1.8 in Fahrenheit, not 33.8', () => {
  expect(changeWords('skin_temperature', 35, 34, miles)).toBe('1.8\u00a0°F higher')
})

test('a trend says its level, its changes, its gap and its change of source', () => {
  const sentence = trendSentence(
    {
      metric: 'steps',
      when: 'in',
      period: 'November 2026',
      now: { value: 8_800, days: 27 },
      others: [
        { period: 'October 2026', level: { value: 8_000, days: 22 } },
        { period: 'November 2025', level: undefined },
      ],
      gaps: [{ from: '2026-11-11', to: '2026-11-14' }],
      switches: [{ date: '2026-11-20', from: 'a', to: 'b' }],
      sourceName: (id) => (id === 'a' ? 'Old watch' : 'New ring'),
      isGoingOn: true,
    },
    format,
    words,
  )
  expect(sentence).toBe(
    'Steps: 8,800 on average in November 2026, of 27 days; 10% more than in October 2026 (8,000); there is nothing of November 2025 to compare with. Today is not over and is left out. Nothing for 3 days: 11 Nov to 13 Nov. From 20 Nov 2026 on the figures come from New ring, before that from Old watch.',
  )
})

test('one day is no average', () => {
  const of = (value: number) => ({ value, days: 1 })
  const others = [{ period: '26 Nov 2026', level: of(9_600) }]
  const told = { metric: 'steps', when: 'on', period: '27 Nov 2026', now: of(8_800), others } as const
  const rest = { gaps: [], switches: [], sourceName: String, isGoingOn: false }
  expect(trendSentence({ ...told, ...rest }, format, words)).toBe(
    'Steps: 8,800 on 27 Nov 2026; 8% less than on 26 Nov 2026 (9,600).',
  )
})

test('a stretch without anything says so', () => {
  const told = {
    metric: 'steps',
    when: 'in',
    period: '2024',
    now: undefined,
    others: [],
    gaps: [],
    switches: [],
  } as const
  expect(trendSentence({ ...told, sourceName: String, isGoingOn: false }, format, words)).toBe(
    'Steps: nothing in 2024.',
  )
})

test('a year of days is told by its ends', () => {
  const days = [
    { date: '2026-03-01', value: 9_000 },
    { date: '2026-05-03', value: 12_500 },
    { date: '2026-06-01', value: 4_000 },
  ]
  expect(yearSentence('steps', '2026', days, format, words)).toBe(
    'Steps: 3 days in 2026, from 4,000 on 1 Jun to 12,500 on 3 May.',
  )
  expect(yearSentence('steps', '2026', days.slice(0, 1), format, words)).toBe('Steps: 1 day in 2026, 9,000.')
  expect(yearSentence('steps', '2025', [], format, words)).toBe('Steps: nothing in 2025.')
})
