import { runs } from '@tributary/protocol/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readClock, readOfDay } from '../clock-text.ts'
import type { CsvMap } from './mapping.ts'
import { TimeReader } from './times.ts'

const utc = (text: string) => Date.parse(`${text}Z`)
const reader = (time: Partial<CsvMap['time']>, decimal: '.' | ',' = '.') =>
  new TimeReader(
    { delimiter: ';', decimal, values: [], time: { column: 'Time', format: 'iso', ...time } },
    'Europe/Berlin',
  )
const shown = (time: { t: number; offset: number } | undefined) => time && [new Date(time.t).toISOString(), time.offset]

test.each([
  ['iso', '2026-10-13T08:00:00Z', '2026-10-13T08:00:00.000Z', 0],
  ['iso', '2026-10-13T08:00:00.250+02:00', '2026-10-13T06:00:00.250Z', 120],
  ['iso', '2026-10-13 08:00:00 -0330', '2026-10-13T11:30:00.000Z', -210],
  ['iso', '2026-10-13 08:00', '2026-10-13T06:00:00.000Z', 120],
  ['iso', '2026-01-13 08:00', '2026-01-13T07:00:00.000Z', 60],
  ['iso', '20261013T080000Z'.replace('080000', '08:00:00'), '2026-10-13T08:00:00.000Z', 0],
  ['iso', '2026-10-13', '2026-10-12T22:00:00.000Z', 120],
  ['ymd', '2026/10/3 8:05', '2026-10-03T06:05:00.000Z', 120],
  ['ymd', '2026.10.03, 08:05:09,5', '2026-10-03T06:05:09.500Z', 120],
  ['dmy', '3.10.2026 08:05', '2026-10-03T06:05:00.000Z', 120],
  ['dmy', '03/10/26 24:00', '2026-10-03T22:00:00.000Z', 120],
  ['dmy', '3 Oct 2026, 8:05 pm', '2026-10-03T18:05:00.000Z', 120],
  ['mdy', '10/3/2026 12:05 AM', '2026-10-02T22:05:00.000Z', 120],
  ['mdy', '10/3/2026, 12:05:00\u202fPM', '2026-10-03T10:05:00.000Z', 120],
  ['mdy', 'October 3, 2026 at 8:05 a.m.', '2026-10-03T06:05:00.000Z', 120],
  ['unix', '1791878400', '2026-10-13T08:00:00.000Z', 120],
  ['unix', '1791878400.5', '2026-10-13T08:00:00.500Z', 120],
  ['unix_ms', '1791878400123', '2026-10-13T08:00:00.123Z', 120],
  ['excel', '46308', '2026-10-12T22:00:00.000Z', 120],
  ['excel', '46308.3333333333', '2026-10-13T06:00:00.000Z', 120],
] as const)('%s: %s', (format, cell, expected, offset) => {
  expect(shown(reader({ format }).read(cell))).toEqual([expected, offset])
})

test.each([
  ['iso', '2026-02-30'],
  ['iso', '2026-13-01'],
  ['iso', '13.10.2026'],
  ['iso', 'yesterday'],
  ['iso', '2026-10-13 25:00'],
  ['iso', '2026-10-13 08:60'],
  ['iso', '2026-10-13 08:00 or so'],
  ['dmy', '10/13/2026'],
  ['mdy', '13/10/2026'],
  ['mdy', '10/3/2026 13:00 PM'],
  ['unix', '12 kg'],
  ['unix_ms', '1e30'],
  ['excel', '-5'],
  ['excel', ''],
] as const)('%s: %s is no time', (format, cell) => {
  expect(reader({ format }).read(cell)).toBeUndefined()
})

test('date and time of day may stand in two cells', () => {
  expect(shown(reader({ format: 'dmy' }).read('13.10.2026', '08:15'))).toEqual(['2026-10-13T06:15:00.000Z', 120])
  expect(shown(reader({ format: 'excel' }).read('46308', '0.25'))).toEqual(['2026-10-13T04:00:00.000Z', 120])
  expect(shown(reader({ format: 'excel' }, ',').read('46308', '0,25'))).toEqual(['2026-10-13T04:00:00.000Z', 120])
  expect(reader({ format: 'dmy' }).read('13.10.2026', 'morning')).toBeUndefined()
  expect(reader({ format: 'dmy' }).read('13.10.2026', ' ')?.isDateOnly).toBe(true)
})

test('times are read where the mapping says, not where the person lives', () => {
  const time_zone = 'America/New_York'
  expect(shown(reader({ time_zone }).read('2026-10-13 08:00'))).toEqual(['2026-10-13T12:00:00.000Z', -240])
})

test('the hour that clocks showed twice goes by the order of the rows', () => {
  const times = reader({})
  const hour = [
    '2026-10-25 01:50',
    '2026-10-25 02:10',
    '2026-10-25 02:50',
    '2026-10-25 02:10',
    '2026-10-25 02:50',
    '2026-10-25 03:10',
  ]
  const read = hour.map((cell) => times.read(cell))
  expect(read.map((time) => shown(time)?.[0])).toEqual([
    '2026-10-24T23:50:00.000Z',
    '2026-10-25T00:10:00.000Z',
    '2026-10-25T00:50:00.000Z',
    '2026-10-25T01:10:00.000Z',
    '2026-10-25T01:50:00.000Z',
    '2026-10-25T02:10:00.000Z',
  ])
  expect(read.map((time) => time?.doubt)).toEqual([undefined, 'twice', 'twice', 'twice', 'twice', undefined])
})

test('an hour that clocks left out is read as if they had not been put forward yet', () => {
  expect(reader({}).read('2026-03-29 02:30')).toMatchObject({ t: utc('2026-03-29T01:30:00'), doubt: 'never' })
})

const pad = (value: number, width = 2) => String(value).padStart(width, '0')
const orders = {
  ymd: (y: number, m: number, d: number, s: string) => `${pad(y, 4)}${s}${pad(m)}${s}${pad(d)}`,
  dmy: (y: number, m: number, d: number, s: string) => `${d}${s}${m}${s}${pad(y, 4)}`,
  mdy: (y: number, m: number, d: number, s: string) => `${pad(m)}${s}${d}${s}${pad(y, 4)}`,
}

test('any date in any order comes back as it was written', () => {
  const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  const order = fc.constantFrom('ymd', 'dmy', 'mdy')
  fc.assert(
    fc.property(
      date,
      order,
      fc.constantFrom('.', '/', '-'),
      fc.constantFrom(' ', 'T', ', '),
      (at, by, sign, between) => {
        const day = orders[by](at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), sign)
        const ofDay = at.toISOString().slice(11, 23)
        const clock = readClock(`${day}${between}${ofDay}`, by)
        expect((clock?.date ?? 0) + (clock?.ofDay ?? 0)).toBe(at.getTime())
        expect(readClock(day, by)).toEqual({ date: Math.floor(at.getTime() / 86_400_000) * 86_400_000 })
      },
    ),
  )
})

test('any text is a time or none, never an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.:/-TZ +APMapm,') }), (text) => {
      for (const order of ['ymd', 'dmy', 'mdy'] as const) {
        const clock = readClock(text, order)
        if (clock) expect(Number.isFinite(clock.date + (clock.ofDay ?? 0))).toBe(true)
      }
      readOfDay(text)
    }),
    { numRuns: runs(2000) },
  )
})
