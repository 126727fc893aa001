import { Instant } from '@tributary/protocol'
import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { noOffset } from '../platform/samples/points.ts'
import { instantMs, instantOffset, isDate, parseInstant } from './parse-instant.ts'

test('a time keeps the offset it was written with', () => {
  expect(parseInstant('2023-12-01T12:00:00+05:30')).toBe(true)
  expect(instantMs).toBe(Date.UTC(2023, 11, 1, 6, 30))
  expect(instantOffset).toBe(330)
  expect(parseInstant('2023-12-01T12:00:00-00:30')).toBe(true)
  expect(instantOffset).toBe(-30)
})

test('Z says when, but not where', () => {
  expect(parseInstant('2023-12-01T12:00:00Z')).toBe(true)
  expect(instantOffset).toBe(noOffset)
})

test('parts of a second are cut off below the millisecond', () => {
  expect(parseInstant('2023-12-01T12:00:00.1239999Z')).toBe(true)
  expect(instantMs).toBe(Date.UTC(2023, 11, 1, 12, 0, 0, 123))
  expect(parseInstant('2023-12-01T12:00:00.5Z')).toBe(true)
  expect(instantMs).toBe(Date.UTC(2023, 11, 1, 12, 0, 0, 500))
})

const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'))
/** Mostly right, often wrong by one: the 30th of February, 24 o'clock, a missing digit. */
const written = fc
  .tuple(
    fc.integer({ min: 0, max: 9_999 }).map((year) => String(year).padStart(4, '0')),
    two(13),
    two(32),
    two(24),
    two(60),
    two(60),
    fc.oneof(
      fc.constant(''),
      fc.constant('.'),
      fc.integer({ min: 0, max: 99_999 }).map((n) => `.${n}`),
    ),
    fc.oneof(
      fc.constantFrom('Z', 'z', '', '+0100', '+1:00', '+24:00', '+02:60', '−01:00'),
      fc.tuple(fc.constantFrom('+', '-'), two(24), two(60)).map(([sign, h, m]) => `${sign}${h}:${m}`),
    ),
  )
  .map(([y, mo, d, h, mi, s, f, z]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${f}${z}`)
const mutated = fc
  .tuple(written, fc.nat(30), fc.constantFrom('', ' ', 'x', '0', 'T', '-', ':'))
  .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1))

test("exactly the contract's instants are taken, and they mean what Date.parse says", () => {
  fc.assert(
    fc.property(fc.oneof(written, mutated, fc.string(), fc.anything()), (text) => {
      const sound = Instant.safeParse(text).success
      expect(parseInstant(text)).toBe(sound)
      if (sound) expect(instantMs).toBe(Math.floor(Date.parse(String(text).replace(/(\.\d{3})\d+/, '$1'))))
    }),
    { numRuns: runs(20_000) },
  )
})

test("exactly the contract's dates are taken", () => {
  const date = z.iso.date()
  fc.assert(
    fc.property(fc.oneof(written, mutated, fc.string()), (text) => {
      const day = text.slice(0, 10)
      expect(isDate(day)).toBe(date.safeParse(day).success)
    }),
    { numRuns: runs(5_000) },
  )
})
