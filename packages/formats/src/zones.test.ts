import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clockOf, dateOf, findClock, type LocalClock, WallSequence } from './zones.ts'

const utc = (text: string) => Date.parse(`${text}Z`)

test.each([
  ['Europe/Berlin', '2026-01-15T12:00:00', 60],
  ['Europe/Berlin', '2026-03-29T00:59:59', 60],
  ['Europe/Berlin', '2026-03-29T01:00:00', 120],
  ['europe/berlin', '2026-07-01T00:00:00', 120],
  ['America/St_Johns', '2026-07-01T00:00:00', -150],
  ['Asia/Kathmandu', '2026-07-01T00:00:00', 345],
  ['Australia/Lord_Howe', '2026-01-01T00:00:00', 660],
  ['Australia/Lord_Howe', '2026-07-01T00:00:00', 630],
  ['UTC', '2026-07-01T00:00:00', 0],
  ['GMT', '2026-07-01T00:00:00', 0],
  ['GMT+0200', '2026-07-01T00:00:00', 120],
  ['GMT-03:30', '2026-07-01T00:00:00', -210],
  ['+05:30', '2026-07-01T00:00:00', 330],
])('%s at %s UTC is %i minutes east', (zone, at, offset) => {
  expect(clockOf(zone).offsetAt(utc(at))).toBe(offset)
  expect(clockOf(zone).offsetAt(utc(at))).toBe(offset)
})

test.each(['Nowhere/Land', '', 'x'.repeat(1000), 'GMT+25:00'])('%s is no zone', (name) => {
  expect(findClock(name)).toBeUndefined()
  expect(findClock(name)).toBeUndefined()
  expect(() => clockOf(name)).toThrow(RangeError)
})

test.each([
  ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59', 60, undefined],
  ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T01:30:00', 120, 'never'], // 03:30 summer time
  ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T01:00:00', 120, undefined],
  ['Europe/Berlin', '2026-10-25T01:59:59', '2026-10-24T23:59:59', 120, undefined],
  ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T00:30:00', 120, 'twice'],
  ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T02:00:00', 60, undefined],
  ['America/New_York', '2026-03-08T02:15:00', '2026-03-08T07:15:00', -240, 'never'],
  ['America/New_York', '2026-11-01T01:15:00', '2026-11-01T05:15:00', -240, 'twice'],
  ['Australia/Lord_Howe', '2026-04-05T01:45:00', '2026-04-04T14:45:00', 660, 'twice'], // half an hour only
  ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00', 840, 'never'], // a whole day was left out
  ['Pacific/Apia', '2011-12-31T00:30:00', '2011-12-30T10:30:00', 840, undefined],
  ['Asia/Kathmandu', '2026-01-01T00:00:00', '2025-12-31T18:15:00', 345, undefined],
])('clocks in %s showed %s at %s UTC', (zone, local, expected, offset, doubt) => {
  const instant = clockOf(zone).instantOf(utc(local))
  expect([new Date(instant.t).toISOString().slice(0, 19), instant.offset, instant.doubt]).toEqual([
    expected,
    offset,
    doubt,
  ])
})

test('a time and its wall time lead to each other, in all zones and through all changes of clocks', () => {
  const clocks = [
    'Europe/Warsaw',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kolkata',
    'Africa/Casablanca',
    'America/Sao_Paulo',
    'Pacific/Apia',
  ].map(clockOf)
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: clocks.length - 1 }),
      fc.integer({ min: 946_684_800, max: 1_893_456_000 }),
      (zone, seconds) => {
        const clock = clocks[zone] as LocalClock
        const t = seconds * 1000
        expect(clock.instantOf(clock.wallOf(t), t - 1)).toMatchObject({ t, offset: clock.offsetAt(t) })
      },
    ),
    { numRuns: runs(2000) },
  )
})

test('minutes written through the end of summer time are as many as there were', () => {
  const clock = clockOf('Europe/Warsaw')
  const sequence = new WallSequence(clock)
  const start = utc('2026-10-24T22:00:00')
  const times = Array.from({ length: 600 }, (_, i) => start + i * 60_000)
  expect(times.map((t) => sequence.timeOf(clock.wallOf(t)))).toEqual(times)
})

test('stretches through the end of summer time that begin at one wall time begin an hour apart', () => {
  const sequence = new WallSequence(clockOf('Europe/Warsaw'))
  const times = ['00:30', '02:30', '02:30', '03:30'].map((time) =>
    new Date(sequence.timeOf(utc(`2026-10-25T${time}:00`))).toISOString().slice(11, 16),
  )
  expect(times).toEqual(['22:30', '00:30', '01:30', '02:30'])
})

test('a date is the one that the clock on the wall shows', () => {
  expect(dateOf(utc('2026-06-30T23:30:00'), 60)).toBe('2026-07-01')
  expect(dateOf(utc('2026-07-01T00:30:00'), -60)).toBe('2026-06-30')
  expect(clockOf('Europe/Berlin').dateOf(utc('2026-06-30T22:30:00'))).toBe('2026-07-01')
})

test('a file that names every zone there is, in every spelling, leaves no more memory taken than a few do', () => {
  const names = Intl.supportedValuesOf('timeZone')
  const first = clockOf(names[0] as string)
  expect(clockOf((names[0] as string).toUpperCase())).toBe(first)
  for (const name of names) expect(clockOf(name).offsetAt(0)).toBeTypeOf('number')
  expect(clockOf(names[0] as string)).not.toBe(first) // it had to make room
})
