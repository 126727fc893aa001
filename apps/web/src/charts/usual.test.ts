import { expect, test } from 'vitest'
import { addDays } from '../util/local-days.ts'
import { against, rollingUsual, usualBefore, usualOf } from './usual.ts'

const today = '2026-03-29'
const days = (values: readonly number[]) =>
  values.map((value, index) => ({ date: addDays(today, index - values.length), value }))

test('usual is the median of the four weeks before with their middle half', () => {
  const month = days(Array.from({ length: 28 }, (_, index) => index + 1))
  expect(usualBefore(month, today)).toEqual({ median: 14.5, low: 7.75, high: 21.25, days: 28 })
})

test('today itself and what is older than four weeks do not count', () => {
  const values = days([...Array.from({ length: 10 }, () => 900), ...Array.from({ length: 28 }, () => 5)])
  expect(usualBefore([...values, { date: today, value: 1_000 }], today)).toMatchObject({ median: 5, low: 5, high: 5 })
})

test('six days are not enough to say what is usual, seven are', () => {
  expect(usualBefore(days([1, 2, 3, 4, 5, 6]), today)).toBeUndefined()
  expect(usualBefore(days([1, 2, 3, 4, 5, 6, 7]), today)).toMatchObject({ median: 4, days: 7 })
})

test('days without a value are no zeros', () => {
  const sparse = Array.from({ length: 8 }, (_, index) => ({ date: addDays(today, -1 - index * 3), value: 70 }))
  expect(usualBefore(sparse, today)).toMatchObject({ median: 70, days: 8 })
})

test('what lies within the middle half is as usual', () => {
  const usual = usualOf([1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect([2, 3, 5, 7, 8].map((value) => usual && against(value, usual))).toEqual([
    'below',
    'as usual',
    'as usual',
    'as usual',
    'above',
  ])
})

test('the band of a chart is the same rule for every day', () => {
  const values = days(Array.from({ length: 60 }, (_, index) => (index * 7) % 11)).filter((_, index) => index % 5 !== 0)
  const dates = Array.from({ length: 61 }, (_, index) => addDays(today, index - 60))
  expect(rollingUsual(values, dates)).toEqual(dates.map((date) => usualBefore(values, date)))
})
