import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fixture } from '../testing/fixture.ts'
import { guessMapping } from './guess-mapping.ts'
import { headerKey } from './mapping.ts'
import { sniffCsv } from './sniff-csv.ts'

const text = (words: string) => new TextEncoder().encode(words)
const guess = (words: string) => {
  const found = sniffCsv(text(words))
  return found && guessMapping(found.columns, found.rows)
}

test.each([
  ['Date,Weight (kg)\n2026-10-01,72.5\n', ',', ['Date', 'Weight (kg)']],
  ['Datum;Gewicht\n01.10.2026;72,5\n02.10.2026;72,4\n', ';', ['Datum', 'Gewicht']],
  ['time\tHeart Rate [bpm]\n2026-10-01 08:00\t60\n', '\t', ['time', 'Heart Rate [bpm]']],
  ['a|b\n1|2\n', '|', ['a', 'b']],
  ['\uFEFFDate,"Weight, kg"\n"2026-10-01","72.5"\n', ',', ['Date', 'Weight, kg']],
  ['sep=;\r\nDate;Weight\r\n2026-10-01;72,5\r\n', ';', ['Date', 'Weight']],
  ['2026-10-01,72.5\n2026-10-02,72.4\n', ',', ['column 1', 'column 2']],
  ['Date,,Weight,Weight\n2026-10-01,x,1,2\n', ',', ['Date', 'column 2', 'Weight', 'Weight (2)']],
])('a table is known with its delimiter: %j', (words, delimiter, columns) => {
  expect(sniffCsv(text(words))).toMatchObject({ delimiter, columns })
})

test('a table in UTF-16 or windows-1252 is known as well', () => {
  expect(sniffCsv(Buffer.from('\uFEFFDate\tWeight\n2026-10-01\t72.5\n', 'utf16le'))?.columns).toEqual([
    'Date',
    'Weight',
  ])
  expect(sniffCsv(Buffer.from('Datum;K\xf6rpergr\xf6\xdfe\n01.10.2026;178\n', 'latin1'))?.columns).toEqual([
    'Datum',
    'Körpergröße',
  ])
})

test('a row that the head cuts off is not shown', () => {
  expect(sniffCsv(text('Date,Weight\n2026-10-01,72.5\n2026-10-0'))?.rows).toEqual([['2026-10-01', '72.5']])
})

test.each([
  ['JSON', '{"a":1,"b":[1,2]}'],
  ['a list of JSON', '[1,2,3]\n[4,5,6]'],
  ['XML', '<gpx a="1,2">\n<b>1,2</b></gpx>'],
  ['prose', 'Dear Anna, how are you?\nI am well, thank you.\nYours, Bea\n'],
  ['prose with numbers', 'On 5 May, I ran.\nIt was warm.\nThen, at 6, I slept, and so on, 7 hours.\n'],
  ['a list of words', 'one\ntwo\n3\n'],
  ['a header alone', 'Date,Weight\n'],
  ['source code', 'const a = [1, 2]\nfunction b(c, d) { return 1 }\n'],
  ['nothing', ''],
])('%s is no table', (_, words) => {
  expect(sniffCsv(text(words))).toBeUndefined()
})

test('binary files are no tables', () => {
  const files = [
    fixture('fit/sample-activity.fit'),
    Buffer.from([1, 2, 3, 44, 10, 49, 44, 50]),
    readFileSync(process.execPath).subarray(0, 4096),
  ]
  expect(files.map((file) => sniffCsv(file.subarray(0, 4096)))).toEqual([undefined, undefined, undefined])
})

test('a real table of records is known', () => {
  const found = sniffCsv(fixture('fit/garmin-fenix-5-walk-records.csv').subarray(0, 4096))
  expect(found?.delimiter).toBe(',')
  expect(found?.columns).toContain('timestamp')
})

test.each([
  [
    'Date,Weight (kg),Fat %\n2026-10-01,72.5,17\n2026-10-02,72.4,17.1\n',
    {
      time: { column: 'Date', format: 'iso' },
      decimal: '.',
      values: [
        { column: 'Weight (kg)', metric: 'body_mass', unit: 'kg' },
        { column: 'Fat %', metric: 'body_fat', unit: '%' },
      ],
    },
  ],
  [
    'Datum;Uhrzeit;Gewicht;Ruhepuls\n01.10.2026;08:00;72,5;52\n02.10.2026;08:10;72,4;51\n',
    {
      time: { column: 'Datum', format: 'dmy', time_column: 'Uhrzeit' },
      decimal: ',',
      values: [
        { column: 'Gewicht', metric: 'body_mass' },
        { column: 'Ruhepuls', metric: 'resting_heart_rate' },
      ],
    },
  ],
  [
    'Timestamp,Heart Rate [bpm]\n1791878400,61\n1791878460,62\n',
    {
      time: { column: 'Timestamp', format: 'unix' },
      decimal: '.',
      values: [{ column: 'Heart Rate [bpm]', metric: 'heart_rate', unit: 'bpm' }],
    },
  ],
  [
    'Time,Value,Glucose (mg/dL)\n1791878400000,1,99\n',
    {
      time: { column: 'Time', format: 'unix_ms' },
      decimal: '.',
      values: [{ column: 'Glucose (mg/dL)', metric: 'blood_glucose', unit: 'mg/dL' }],
    },
  ],
  [
    'Fecha,Sistólica,Diastólica,Pulso\n13/10/2026 08:00,122,79,61\n',
    {
      time: { column: 'Fecha', format: 'dmy' },
      decimal: '.',
      values: [
        { column: 'Sistólica', metric: 'bp_systolic' },
        { column: 'Diastólica', metric: 'bp_diastolic' },
        { column: 'Pulso', metric: 'heart_rate' },
      ],
    },
  ],
  [
    'Data;Wzrost\n2026-10-01;178\n',
    {
      time: { column: 'Data', format: 'iso' },
      decimal: '.',
      values: [{ column: 'Wzrost', metric: 'body_height', unit: 'cm' }],
    },
  ],
  [
    'Date;SpO2\n46308,5;0,97\n46309,5;0,98\n',
    {
      time: { column: 'Date', format: 'excel' },
      decimal: ',',
      values: [{ column: 'SpO2', metric: 'spo2', unit: '1' }],
    },
  ],
  [
    'Date,weight_lb\n10/13/2026,160.5\n10/14/2026,160.1\n',
    {
      time: { column: 'Date', format: 'mdy' },
      decimal: '.',
      values: [{ column: 'weight_lb', metric: 'body_mass', unit: 'lb' }],
    },
  ],
  [
    'Date,Steps,Distance in km\n2026-10-01,"12,345",8.1\n2026-10-02,"9,876",6.5\n',
    {
      time: { column: 'Date', format: 'iso' },
      decimal: '.',
      values: [
        { column: 'Steps', metric: 'steps' },
        { column: 'Distance in km', metric: 'distance', unit: 'km' },
      ],
    },
  ],
])('a mapping is suggested from names and values: %j', (words, expected) => {
  expect(guess(words)).toEqual(expected)
})

test.each([
  ['a day above twelve says which number is the day', '13/10/2026', '05/11/2026', 'dmy'],
  ['a day above twelve says so in second place too', '10/13/2026', '11/05/2026', 'mdy'],
  ['rows day after day say it as well', '01/10/2026', '02/10/2026', 'dmy'],
  ['and the other way round', '10/01/2026', '10/02/2026', 'mdy'],
  ['points between the numbers put the day first', '01.02.2026', '01.02.2026', 'dmy'],
])('%s', (_, first, second, format) => {
  expect(guess(`Date,Weight\n${first},72\n${second},72\n`)?.time.format).toBe(format)
})

test('nothing is suggested where no column is a time or none a measurement', () => {
  expect(guess('Name,Weight\nAnna,72\nBea,61\n')).toBeNull()
  expect(guess('Date,Sets\n2026-10-01,3\n')).toBeNull()
  expect(guess('Date,Weight (reps)\n2026-10-01,3\n')).toBeNull()
})

test('the same names in another order are the same header', () => {
  expect(headerKey(['Date', 'Weight (kg)'])).toBe(headerKey([' weight  (KG)', 'date']))
  expect(headerKey(['Date', 'Weight'])).not.toBe(headerKey(['Date', 'Weight', 'Fat']))
})

test.each([
  ['72,5', '71,25', ','],
  ['72.5', '71.25', '.'],
  ['1,234', '2,345', '.'], // thousands
  ['0,234', '0,345', ','],
  ['-1,5', '−2,5', ','],
  ['72', '71', '.'],
])('the decimal sign of %s and %s is %s', (first, second, decimal) => {
  expect(guess(`Date;Weight\n2026-10-01;${first}\n2026-10-02;${second}\n`)?.decimal).toBe(decimal)
})
