import { expect, test } from 'vitest'
import { dateOf, instantOf, isTimeZone, offsetAt } from './zones.ts'

const utc = (text: string) => Date.parse(`${text}Z`)

test.each([
  ['Europe/Berlin', '2026-01-15T12:00:00', 60],
  ['Europe/Berlin', '2026-03-29T00:59:59', 60],
  ['Europe/Berlin', '2026-03-29T01:00:00', 120],
  ['America/St_Johns', '2026-07-01T00:00:00', -150],
  ['Asia/Kathmandu', '2026-07-01T00:00:00', 345],
  ['UTC', '2026-07-01T00:00:00', 0],
])('%s at %s UTC is %i minutes east', (zone, at, offset) => {
  expect(offsetAt(zone, utc(at))).toBe(offset)
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
])('clocks in %s showed %s at %s UTC', (zone, local, expected, offset, doubt) => {
  const instant = instantOf(utc(local), zone)
  expect([new Date(instant.t).toISOString().slice(0, 19), instant.offset, instant.doubt]).toEqual([
    expected,
    offset,
    doubt,
  ])
})

test('a date is the one that the clock on the wall shows', () => {
  expect(dateOf(utc('2026-06-30T23:30:00'), 60)).toBe('2026-07-01')
  expect(dateOf(utc('2026-07-01T00:30:00'), -60)).toBe('2026-06-30')
})

test('a name that is no zone is known as such', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
})
