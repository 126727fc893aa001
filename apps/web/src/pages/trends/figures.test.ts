import { expect, test } from 'vitest'
import { addDays } from '../../util/local-days.ts'
import { figureOf, gapsOf, levelOf, levelsOf, longerOf, monthsOf, switchesOf } from './figures.ts'

const days = (sources: string) =>
  [...sources].flatMap((source_id, at) =>
    source_id === '.' ? [] : [{ date: addDays('2026-03-01', at), value: at, source_id }],
  )

test('weeks are averages of days, of a weight the last value, of workouts how many there were', () => {
  expect((['steps', 'resting_heart_rate', 'body_mass', 'workout', 'uv_index'] as const).map(longerOf)).toEqual([
    'mean',
    'mean',
    'last',
    'sum',
    'max',
  ])
  expect((['mean', 'last', 'sum', 'max', 'min'] as const).map((longer) => figureOf([1, 6, 2], longer))).toEqual([
    3, 2, 9, 6, 1,
  ])
  expect(figureOf([], 'mean')).toBeUndefined()
})

test('a week with a missing day is not less than one without', () => {
  const full = [1, 2, 3].map((day) => ({ date: `2026-03-0${day}`, value: 6_000, source_id: 'a' }))
  const period = { from: '2026-03-01', to: '2026-03-08' }
  expect(levelOf('steps', full, period)).toEqual({ value: 6_000, days: 3 })
  expect(levelOf('steps', full.slice(1), period)).toEqual({ value: 6_000, days: 2 })
  expect(levelOf('steps', [], period)).toBeUndefined()
})

test('a switch is where another source took over, not a day with a borrowed watch', () => {
  expect(switchesOf(days('aaaabaaaabbbb'))).toEqual([{ date: '2026-03-10', from: 'a', to: 'b' }])
  expect(switchesOf(days('aaabbabbaabb'))).toEqual([])
  expect(switchesOf(days('aaa....bbb'))).toEqual([{ date: '2026-03-08', from: 'a', to: 'b' }])
})

test('a gap is longer than what is usual, and the ends are none', () => {
  expect(gapsOf(days('..aaaa.....aaa..'))).toEqual([{ from: '2026-03-07', to: '2026-03-12' }])
  // Somebody who steps on the scale every third day has no gaps.
  expect(gapsOf(days('a..a..a..a'))).toEqual([])
})

test('a fifth of the days has each shade, whatever one race day was', () => {
  const { levelOf: level } = levelsOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 1_000])
  expect([1, 2, 3, 5, 8, 9, 1_000].map(level)).toEqual([0, 0, 1, 2, 3, 4, 4])
})

test('a year has all its days', () => {
  expect(monthsOf('2028').flat()).toHaveLength(366)
  expect(monthsOf('2026')[11]?.at(-1)).toBe('2026-12-31')
})
