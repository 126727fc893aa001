import { expect, test } from 'vitest'
import type { DayValue, MetricDays } from '../../api/types.ts'
import { addDays } from '../../util/local-days.ts'
import { cardsOf } from './figures.ts'

const today = '2026-03-29'
const dayValue = (date: string, value: number): DayValue => ({
  ...{ date, value, min: null, max: null, avg: null, sum: null, last: null, n: 1 },
  ...{ source_id: 's', sources: 1, coverage: null, quality: null, last_time: null },
})
/** Values of the days up to today, the last one today's. */
const known = (metric: string, values: readonly (number | null)[], stale_dates: string[] = []): MetricDays => ({
  ...{ metric, unit: '', rollup: 'sum', stale_dates },
  days: values.flatMap((value, index) =>
    value === null ? [] : [dayValue(addDays(today, index + 1 - values.length), value)],
  ),
})
const usualWeeks = Array.from({ length: 28 }, (_, index) => 8_000 + (index % 4) * 100)
const only = (metrics: MetricDays[], date = today) => cardsOf(metrics, date, today)[0]?.figures[0]

test('only what there is data of has a card, in the order people look for it', () => {
  const cards = cardsOf([known('body_mass', [70]), known('steps', [9]), known('sleep_total', [])], today, today)
  expect(cards.map(({ title }) => title)).toEqual(['Activity', 'Body'])
})

test('a full day is above, below or as usual', () => {
  const of = (value: number) => only([known('sleep_total', [...usualWeeks, value])])?.verdict
  expect([of(1_000), of(8_150), of(9_000)]).toEqual(['below', 'as usual', 'above'])
})

test('steps at noon are not below what is usual, but they can be above it already', () => {
  const of = (value: number) => only([known('steps', [...usualWeeks, value])])
  expect(of(3_000)).toMatchObject({ isSoFar: true, verdict: undefined, usual: { median: 8_150 } })
  expect(of(12_000)).toMatchObject({ isSoFar: true, verdict: 'above' })
})

test('without enough days nothing is said about what is usual', () => {
  expect(only([known('steps', [1, 2, 3])])).toMatchObject({ usual: undefined, verdict: undefined })
})

test('the newest weight stands there with its own day, and the sparkline has a gap where nothing was', () => {
  const figure = only([known('body_mass', [71, null, null, 70, null, null])])
  expect(figure?.day).toMatchObject({ date: addDays(today, -2), value: 70 })
  expect(figure?.fortnight).toEqual([...Array(8).fill(null), 71, null, null, 70, null, null])
})

test('of another day nothing later is shown', () => {
  expect(only([known('steps', [100, 200, 300])], addDays(today, -1))?.day.value).toBe(200)
})

test('both halves of a blood pressure belong together', () => {
  const cards = cardsOf([known('bp_systolic', [118]), known('bp_diastolic', [76])], today, today)
  expect(cards[0]?.figures).toHaveLength(1)
  expect(cards[0]?.figures[0]).toMatchObject({ day: { value: 118 }, partner: { value: 76 } })
})

test('a figure whose newest data is missing says so', () => {
  expect(only([known('steps', [1, 2], [today])])?.isStale).toBe(true)
})
