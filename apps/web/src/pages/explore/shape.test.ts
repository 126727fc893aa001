import { expect, test } from 'vitest'
import { resolutionOf, shapeFor, stretchWords } from './shape.ts'

const days = (count: number) => ({ from: 0, to: count * 86_400_000 })

test('a week of heart rate is asked in twice as many points as the chart has pixels', () => {
  expect(shapeFor('heart_rate', days(7), 1_000, 500_000)).toEqual({ points: 2_000 })
})

test('a year of readings each minute is asked as the mean of every day', () => {
  const shape = shapeFor('heart_rate', days(365), 1_000, 500_000)
  expect(shape).toEqual({ resolution: '1d' })
  expect(stretchWords('heart_rate', shape)).toContain('mean of every day')
  expect(resolutionOf(shape, days(365))).toBe(86_400_000)
})

test('a year of weighing is asked value by value', () => {
  const shape = shapeFor('body_mass', days(365), 1_000, 300)
  expect(shape).toEqual({ points: 2_000 })
  expect(stretchWords('body_mass', shape)).toBe('')
})

test('steps are sums that can be told apart', () => {
  expect([1, 7, 365].map((count) => shapeFor('steps', days(count), 1_000, 9_000).resolution)).toEqual([
    '15m',
    '1h',
    '1d',
  ])
  expect(stretchWords('steps', { resolution: '1d' })).toBe('Each bar is the sum of a day.')
})
