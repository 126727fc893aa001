import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readClock, readOfDay } from './clock-text.ts'

test('the quick way of reading what machines write says the same as the patterns', () => {
  const digits = (least: number, most: number, width = 2) =>
    fc.integer({ min: least, max: most }).map((value) => String(value).padStart(width, '0'))
  const zone = fc.constantFrom('', 'Z', ' +0200', ' -0330', ' +1500', ' +9999', '+02:00', ' x')
  const parts = fc.tuple(
    digits(1, 9999, 4),
    digits(0, 13),
    digits(0, 32),
    fc.constantFrom(' ', 'T'),
    digits(0, 25),
    digits(0, 61),
    digits(0, 61),
    zone,
  )
  fc.assert(
    fc.property(parts, ([year, month, day, between, hour, minute, second, offset]) => {
      const quick = readClock(`${year}-${month}-${day}${between}${hour}:${minute}:${second}${offset}`, 'ymd')
      // A dot for a colon is read by the patterns alone.
      const slow = readClock(`${year}-${month}-${day}${between}${hour}.${minute}.${second}${offset}`, 'ymd')
      expect(quick).toEqual(slow)
    }),
    { numRuns: runs(3000) },
  )
})

test('a cell longer than any date is none, whatever stands in it', () => {
  const gaps = ' '.repeat(5_000)
  expect(readClock(`1${gaps}1${gaps}x`, 'dmy')).toBeUndefined()
  expect(readOfDay(`12:00${gaps}x`)).toBeUndefined()
})
