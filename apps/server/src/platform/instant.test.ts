import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOf, instantOrNull } from './instant.ts'

test('a whole second is written without milliseconds', () => {
  expect(instantOf(Date.UTC(2023, 11, 1, 12))).toBe('2023-12-01T12:00:00Z')
  expect(instantOf(new Date(Date.UTC(1999, 11, 31, 23, 59, 59, 7)))).toBe('1999-12-31T23:59:59.007Z')
})

test('every time of the years 0 to 9999 reads back as itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }), (ms) => {
      expect(instantOf(ms).replace(/(:\d\d)Z$/, '$1.000Z')).toBe(new Date(ms).toISOString())
    }),
    { numRuns: runs(2_000) },
  )
})

test('no time stays no time', () => {
  expect(instantOrNull(null)).toBeNull()
  expect(instantOrNull(0)).toBe('1970-01-01T00:00:00Z')
})
