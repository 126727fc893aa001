import { expect, test } from 'vitest'
import type { Pieces } from '../piece.ts'
import { rowsOf } from '../testing/look.ts'
import { inputOf, readAll } from '../testing/read.ts'
import { pieceFaultsOf } from '../testing/soundness.ts'
import type { CsvMap } from './mapping.ts'
import { readCsv, replayCsv } from './read-csv.ts'

const now = Date.UTC(2026, 11, 31)
const utc = (text: string) => Date.parse(`${text}Z`)
const MB = 1_000_000

const weights: CsvMap = {
  delimiter: ',',
  decimal: '.',
  time: { column: 'Date', format: 'iso' },
  values: [{ column: 'Weight (kg)', metric: 'body_mass', unit: 'kg' }],
}

async function read(text: string | Uint8Array, map: Partial<CsvMap> = {}, timeZone = 'Europe/Berlin') {
  const bytes = Buffer.from(text)
  const whole = await readAll(readCsv(inputOf(bytes, { now, timeZone }), { ...weights, ...map }))
  expect(pieceFaultsOf(whole, now, bytes.length)).toEqual([])
  return whole
}

test('each row gives its values, in their units, with the place of the row', async () => {
  const { readings, pieces, ending } = await read(
    'Date,Weight (kg),Note\n2026-10-01 07:00,72.5,tired\n2026-10-02 07:10,72.4,\n',
    { source_name: 'My scale' },
  )
  expect(pieces[0]?.source).toEqual({ key: 'csv:my scale', name: 'My scale' })
  expect(readings).toEqual([
    {
      kind: 'series',
      metric: 'body_mass',
      unit: 'kg',
      t: Float64Array.of(utc('2026-10-01T05:00:00'), utc('2026-10-02T05:10:00')),
      v: Float64Array.of(72.5, 72.4),
      offsets: Int16Array.of(120, 120),
      places: Uint32Array.of(2, 3),
    },
  ])
  expect(ending).toMatchObject({
    format: 'csv',
    records: 2,
    rejected: [],
    warnings: [],
    unused: [{ name: 'Note', count: 2 }],
  })
})

test('columns in another order are the same columns', async () => {
  const map = { columns: ['Date', 'Weight (kg)'] }
  const [one, other] = [
    await read('Date,Weight (kg)\n2026-10-01,72\n', map),
    await read('weight (KG),date\n72,2026-10-01\n', map),
  ]
  expect(other.readings).toEqual(one.readings)
  expect(other.pieces[0]?.source.key).toBe(one.pieces[0]?.source.key)
})

test('a date alone is noon for a measurement, the whole day for an amount and the date for a daily value', async () => {
  const { readings, ending } = await read('Date;Weight;Steps;Sleep;HRV\n2026-10-25;72,5;9876;7,5;48\n', {
    delimiter: ';',
    decimal: ',',
    values: [
      { column: 'Weight', metric: 'body_mass' },
      { column: 'Steps', metric: 'steps' },
      { column: 'Sleep', metric: 'sleep_total', unit: 'h' },
      { column: 'HRV', metric: 'hrv_rmssd' },
    ],
  })
  expect(rowsOf(readings)).toEqual([
    ['body_mass', '2026-10-25T10:00:00', 72.5],
    ['steps', '2026-10-24T22:00:00', 9876, 25 * 3600], // the clocks were put back that day
  ])
  expect(readings.filter(({ kind }) => kind === 'day')).toEqual([
    { kind: 'day', metric: 'sleep_total', date: '2026-10-25', value: 7.5, unit: 'h', place: 2 },
    { kind: 'day', metric: 'hrv_rmssd', date: '2026-10-25', value: 48, place: 2 },
  ])
  expect(ending.warnings.map(({ code }) => code)).toEqual(['date_only'])
})

test('two values of a blood pressure in a row are one measurement', async () => {
  const values = [
    { column: 'SYS', metric: 'bp_systolic' },
    { column: 'DIA', metric: 'bp_diastolic', unit: 'kPa' },
    { column: 'Pulse', metric: 'heart_rate' },
  ]
  const { readings } = await read('Date,SYS,DIA,Pulse\n2026-10-01 08:00,122,10,61\n2026-10-02 08:00,120,,\n', {
    values,
  })
  expect(readings.filter(({ kind }) => kind === 'event')).toMatchObject([
    {
      metric: 'blood_pressure',
      start: utc('2026-10-01T06:00:00'),
      value: { systolic: 122, diastolic: expect.closeTo(75.006, 3) },
    },
    { metric: 'bp_systolic', value: { value: 120 } },
  ])
  expect(rowsOf(readings)).toEqual([['heart_rate', '2026-10-01T06:00:00', 61]])
})

test('a row that cannot be used is kept with its header and reason, and the other rows are read', async () => {
  const { pieces, readings, ending } = await read(
    'Date,Weight (kg),Note\n2026-10-01,72.5,\n2026-13-01,72,"a ""b"", c"\n2026-10-03,heavy,\n1999-01-01,70,\n2027-06-01,70,\n,,\n2026-10-07,-,\n2026-10-08,71\n',
  )
  expect(rowsOf(readings).map(([, , value]) => value)).toEqual([72.5, 71])
  const unusable = pieces.flatMap((piece) => piece.unusable)
  expect(unusable).toEqual([
    {
      index: 3,
      code: 'time_unreadable',
      detail: '“2026-13-01” is no time of the kind iso',
      raw: 'Date,Weight (kg),Note\n2026-13-01,72,"a ""b"", c"',
    },
    {
      index: 4,
      code: 'value_unreadable',
      detail: '“heavy” in the column “Weight (kg)” is no number',
      raw: 'Date,Weight (kg),Note\n2026-10-03,heavy,',
    },
    {
      index: 5,
      code: 'time_too_early',
      detail: '1998-12-31T23:00:00.000Z is before the year 2000',
      raw: 'Date,Weight (kg),Note\n1999-01-01,70,',
    },
    {
      index: 6,
      code: 'time_in_future',
      detail: '2027-05-31T22:00:00.000Z has not come yet',
      raw: 'Date,Weight (kg),Note\n2027-06-01,70,',
    },
  ])
  expect(ending.rejectedByCode).toEqual({
    time_unreadable: 1,
    value_unreadable: 1,
    time_too_early: 1,
    time_in_future: 1,
  })
})

test('a refused row is used once its mapping fits, and refused again while it does not', async () => {
  const { pieces } = await read('Date,Weight (kg)\n13.10.2026 08:00,"72,5"\n')
  const raw = pieces[0]?.unusable[0]?.raw ?? ''
  const options = { now, timeZone: 'Europe/Berlin' }
  const again = await replayCsv(raw, weights, options)
  expect(again.map(({ readings, unusable }) => [readings.length, unusable[0]?.code])).toEqual([[0, 'time_unreadable']])
  const mended: CsvMap = { ...weights, decimal: ',', time: { column: 'Date', format: 'dmy' } }
  const used = await replayCsv(raw, mended, options)
  expect(rowsOf(used.flatMap(({ readings }) => readings))).toEqual([['body_mass', '2026-10-13T06:00:00', 72.5]])
  await expect(replayCsv('nothing', weights, options)).rejects.toMatchObject({ code: 'raw_broken' })
})

test('clock changes are said with their row', async () => {
  const { ending } = await read('Date,Weight (kg)\n2026-03-29 02:30,72\n2026-10-25 02:30,72\n')
  expect(ending.warnings.map(({ code, detail }) => [code, detail.slice(0, 6)])).toEqual([
    ['time_never', 'row 2:'],
    ['time_twice', 'row 3:'],
  ])
})

test('a unit written behind a number counts before the one of the column; an unknown one refuses the cell', async () => {
  const { readings, ending } = await read('Date,Weight (kg)\n2026-10-01,160 lb\n2026-10-02,72\n2026-10-03,5 bananas\n')
  expect(readings.map((one) => one.kind === 'series' && [one.unit, [...one.v]])).toEqual([
    ['lb', [160]],
    ['kg', [72]],
  ])
  expect(ending.rejectedByCode).toEqual({ value_unreadable: 1 })
})

test('lengths may be written as on a clock', async () => {
  const values = [{ column: 'Sleep', metric: 'sleep_total', unit: 'h' }]
  const { readings } = await read('Date,Sleep\n2026-10-01,7:45\n2026-10-02,7:45:30\n2026-10-03,7.5\n', { values })
  expect(readings.map((one) => one.kind === 'day' && [one.value, one.unit])).toEqual([
    [27_900, 's'],
    [27_930, 's'],
    [7.5, 'h'],
  ])
})

test('words of an event are words', async () => {
  const values = [{ column: 'Flow', metric: 'menstruation_flow' }]
  const { readings, ending } = await read('Date,Flow\n2026-10-01,Light\n2026-10-02,none\n2026-10-03,much\n', { values })
  expect(readings.map((one) => one.kind === 'event' && one.value)).toEqual([{ value: 'light' }, { value: 'none' }])
  expect(ending.rejectedByCode).toEqual({ value_unreadable: 1 })
})

test.each([
  ['UTF-16', Buffer.from('\uFEFFDate,Größe\n2026-10-01,178\n', 'utf16le')],
  ['windows-1252', Buffer.from('Date,Gr\xf6\xdfe\n2026-10-01,178\n', 'latin1')],
  ['UTF-8 with a mark', Buffer.from('\uFEFFDate,Größe\r\n2026-10-01,178')],
  ['quotes', Buffer.from('sep=,\n"Date","Größe"\r\n"2026-10-01","178"\r\n')],
])('%s is read', async (_, bytes) => {
  const { readings } = await read(bytes, { values: [{ column: 'Größe', metric: 'body_height', unit: 'cm' }] })
  expect(rowsOf(readings).map(([, , value]) => value)).toEqual([178])
})

test('a table without a header is read by the names that its mapping gave', async () => {
  const map = { columns: ['Date', 'Weight (kg)'] }
  expect(rowsOf((await read('2026-10-01,72\n2026-10-02,71\n', map)).readings).map(([, , value]) => value)).toEqual([
    72, 71,
  ])
})

test.each([
  ['', {}, 'empty'],
  ['Date,Mass\n2026-10-01,72\n', {}, 'csv_column_missing'],
  ['When,Weight (kg)\n2026-10-01,72\n', {}, 'csv_column_missing'],
  [
    'Date,Weight (kg)\n',
    { time: { column: 'Date', format: 'iso' as const, time_column: 'Hour' } },
    'csv_column_missing',
  ],
  ['Date,Weight (kg)\n', { values: [{ column: 'Weight (kg)', metric: 'mojo' }] }, 'csv_metric_unknown'],
  ['Date,Weight (kg)\n', { values: [{ column: 'Weight (kg)', metric: 'body_mass', unit: 'bpm' }] }, 'csv_unit_unknown'],
])('%j with %j is refused: %s', async (text, map, code) => {
  await expect(read(text, map)).rejects.toMatchObject({ name: 'FormatError', code })
})

test('many rows are cut into pieces, the same however the bytes come', async () => {
  const lines = Array.from({ length: 110_000 }, (_, i) => `${1_780_000_000 + i * 10},${60 + (i % 40)}`)
  const bytes = Buffer.from(`Time,HR\n${lines.join('\n')}\n`)
  const map: CsvMap = {
    ...weights,
    time: { column: 'Time', format: 'unix' },
    values: [{ column: 'HR', metric: 'heart_rate' }],
  }
  const cuts = async (chunk: number) => {
    const { pieces } = await readAll(readCsv(inputOf(bytes, { now, chunk }), map))
    return pieces.map(({ readings }) =>
      readings.map((one) => one.kind === 'series' && [one.t.length, one.t[0], one.v.at(-1)]),
    )
  }
  const whole = await cuts(1_000_000)
  expect(whole.map(([one]) => one && one.length > 0 && one[0])).toEqual([100_000, 10_000])
  expect(await cuts(4099)).toEqual(whole)
})

/** A stream of one text over and over, which counts how much of it was taken. */
function endless(head: string, again: string): { taken: { bytes: number }; pieces: Pieces } {
  const taken = { bytes: 0 }
  const piece = Buffer.from(again.repeat(Math.ceil(65_536 / again.length)))
  async function* chunks() {
    yield Buffer.from(head)
    for (; taken.bytes < 1000 * MB; taken.bytes += piece.length) yield piece
  }
  return { taken, pieces: readCsv({ ...inputOf(new Uint8Array(0), { now }), chunks }, weights) }
}

test.each([
  ['a line of 1 GB', 'Date,Weight (kg)\n', 'x', 'csv_row_too_long'],
  ['a line of a billion delimiters', '', ',', 'csv_row_too_long'],
  ['a quoted cell of 1 GB', 'Date,Weight (kg)\n"', 'x\n', 'csv_row_too_long'],
  ['a row of quoted line ends', 'Date,Weight (kg)\n', '"\n",', 'csv_row_too_long|csv_columns_many'],
  ['200,000 columns', `${'a,'.repeat(200_000)}\n`, '1,', 'csv_columns_many'],
])('%s is refused within two seconds, before it fills the memory', async (_, head, again, code) => {
  const { taken, pieces } = endless(head, again)
  const begun = performance.now()
  await expect(readAll(pieces)).rejects.toMatchObject({ name: 'FormatError', code: expect.stringMatching(code) })
  expect(performance.now() - begun).toBeLessThan(2000)
  expect(taken.bytes).toBeLessThan(12 * MB)
})

test('rows before an unreadable one are kept, and the break is said', async () => {
  const { readings, ending } = await read(`Date,Weight (kg)\n2026-10-01,72\n${','.repeat(1_500_000)}\n2026-10-02,71\n`)
  expect(rowsOf(readings).map(([, , value]) => value)).toEqual([72])
  expect(ending.warnings.map(({ code }) => code)).toEqual(['date_only', 'csv_row_too_long'])
})
