import { expect, test } from 'vitest'
import { createFormat } from '../../util/format.ts'
import { readRows } from './read-row.ts'

const format = createFormat({ locale: 'en-GB', timeZone: 'Europe/Berlin', units: 'metric' })
const columns = ['Datum', 'Gewicht', 'Notiz']
const map = {
  delimiter: ';',
  time: { column: 'Datum', format: 'dmy' },
  decimal: ',',
  values: [{ column: 'Gewicht', metric: 'body_mass', unit: 'kg' }],
} as const

const read = (row: string[], other = {}) =>
  readRows(columns, [row], { ...map, values: [...map.values], ...other }, format)

test('a row is shown as it will be read', () => {
  expect(read(['12.03.2024', '74,2', 'after lunch'])).toEqual([
    { written: '12.03.2024 · 74,2', read: '12 Mar 2024, Weight 74.2\u00a0kg', isSound: true },
  ])
})

test('a cell that does not fit the chosen way says so', () => {
  const [row] = read(['12.13.2024', 'heavy', ''])
  expect(row).toMatchObject({ isSound: false })
  expect(row?.read).toContain('no time that can be read')
  expect(row?.read).toContain('“heavy” is no number of its kind')
})

test('a clock time stays what the file says, whatever the zone of the reader', () => {
  const [row] = read(['2024-03-12T06:30:00Z', '74,2', ''], { time: { column: 'Datum', format: 'iso' } })
  expect(row?.read).toContain('06:30')
})

test('an empty cell is nothing measured, and no fault', () => {
  expect(read(['12.03.2024', '–', ''])).toMatchObject([{ read: '12 Mar 2024', isSound: true }])
})
