import { expect, test } from 'vitest'
import { stretchesOutside } from './stretches.ts'

const span = (from: number, to: number) => ({ from, to })

test('what others cover too is left out, wherever it lies', () => {
  expect(stretchesOutside([span(0, 10)], [])).toEqual([span(0, 10)])
  expect(stretchesOutside([span(0, 10)], [span(3, 5), span(4, 6), span(9, 20), span(-5, 1)])).toEqual([
    span(1, 3),
    span(6, 9),
  ])
  expect(stretchesOutside([span(0, 10)], [span(-1, 11)])).toEqual([])
})

test('stretches that overlap are one', () => {
  expect(stretchesOutside([span(5, 8), span(0, 6), span(20, 21)], [span(10, 12)])).toEqual([span(0, 8), span(20, 21)])
})
