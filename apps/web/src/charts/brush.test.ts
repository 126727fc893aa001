import { expect, test } from 'vitest'
import { brushStep, moveBrush } from './brush.ts'

const year = { from: 0, to: 400_000 }
const window = { from: 100_000, to: 140_000 }

test('a window moves as a whole and stops at the ends', () => {
  expect(moveBrush('window', window, 20_000, year)).toEqual({ from: 120_000, to: 160_000 })
  expect(moveBrush('window', window, 999_000, year)).toEqual({ from: 360_000, to: 400_000 })
  expect(moveBrush('window', window, -999_000, year)).toEqual({ from: 0, to: 40_000 })
})

test('one edge moves and the other stays, never past it', () => {
  expect(moveBrush('start', window, -50_000, year)).toEqual({ from: 50_000, to: 140_000 })
  expect(moveBrush('start', window, 90_000, year)).toEqual({ from: 139_000, to: 140_000 })
  expect(moveBrush('end', window, -90_000, year)).toEqual({ from: 100_000, to: 101_000 })
  expect(moveBrush('end', window, 999_000, year)).toEqual({ from: 100_000, to: 400_000 })
})

test('keys move by a tenth of the window, with Shift by all of it, and to the ends', () => {
  expect(brushStep('ArrowRight', false, window, year)).toBe(4_000)
  expect(brushStep('ArrowLeft', true, window, year)).toBe(-40_000)
  expect(moveBrush('window', window, brushStep('Home', false, window, year) ?? 0, year).from).toBe(0)
  expect(moveBrush('window', window, brushStep('End', false, window, year) ?? 0, year).to).toBe(400_000)
  expect(brushStep('a', false, window, year)).toBeUndefined()
})
