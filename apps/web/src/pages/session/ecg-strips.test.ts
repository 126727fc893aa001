import { expect, test } from 'vitest'
import { extremesOf, halfHeight, stripsOf } from './ecg-strips.ts'

test('a second is 25 mm long and a millivolt 10 mm high, upwards', () => {
  const [strip] = stripsOf([0, 500, 1_000], [0, 1_000, -500], 10)
  expect(strip?.path).toBe('M0.00 0.00L12.50 -10.00L25.00 5.00')
})

test('half a minute is three strips of ten seconds, each begins on the left', () => {
  const time = Array.from({ length: 3_000 }, (_, i) => i * 10)
  const strips = stripsOf(
    time,
    time.map(() => 0),
    10,
  )
  expect(strips.map(({ from }) => from)).toEqual([0, 10, 20])
  expect(strips.every(({ path }) => path.startsWith('M0.00'))).toBe(true)
})

test('where nothing was recorded there is no line', () => {
  const [strip] = stripsOf([0, 10, 20, 500, 510], [0, 0, 0, 0, 0], 10)
  expect(strip?.path.match(/M/g)).toHaveLength(2)
})

test('the paper is as high as the trace needs', () => {
  expect(halfHeight([100, -200])).toBe(10)
  expect(halfHeight([1_900])).toBe(20)
  expect(halfHeight([90_000])).toBe(40)
})

test('each second is told by how far the trace reaches in it', () => {
  expect(extremesOf([0, 500, 999, 1_000, 2_000], [10, 900, -180, null, 5])).toEqual([
    { second: 0, low: -180, high: 900 },
    { second: 2, low: 5, high: 5 },
  ])
})
