/** How a row will be read, with the reader's own eyes, while its columns are being named. */

import { type CsvMap, isEmptyCell, readCell, TimeReader } from '@tributary/formats/cells'
import { conversionFor, convert, isMetric } from '@tributary/protocol'
import type { Format } from '../../util/format.ts'
import { metricTitle } from '../../util/metric-words.ts'

export interface ReadRow {
  /** The cells that were looked at, as they stand in the file. */
  written: string
  read: string
  isSound: boolean
}

export function readRows(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  map: CsvMap,
  format: Format,
): ReadRow[] {
  const times = new TimeReader(map, format.timeZone)
  return rows.map((row) => {
    const cell = (column: string | undefined) => (column === undefined ? undefined : row[columns.indexOf(column)]) ?? ''
    const [day, ofDay] = [cell(map.time.column), cell(map.time.time_column)]
    const time = times.read(day, ofDay)
    const values = map.values.map(({ column, metric, unit }) => valueWords(cell(column), metric, unit, map, format))
    const when = time ? (time.isDateOnly ? dayWords(time.wall, format) : momentWords(time.wall, format)) : undefined
    return {
      written: [day, ofDay, ...map.values.map(({ column }) => cell(column))].filter((text) => text.trim()).join(' · '),
      read: [when ?? 'no time that can be read', ...values.map(({ words }) => words)].filter(Boolean).join(', '),
      isSound: when !== undefined && values.every(({ isSound }) => isSound),
    }
  })
}

/** By the clock of the file, whatever the zone of the reader. */
const dayWords = (wall: number, { locale }: Format) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(wall)
const momentWords = (wall: number, { locale }: Format) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }).format(wall)

function valueWords(text: string, metric: string, unit: string | undefined, { decimal }: CsvMap, format: Format) {
  if (isEmptyCell(text)) return { words: '', isSound: true }
  const found = readCell(text, decimal)
  const conversion = found && isMetric(metric) ? conversionFor(metric, found.unit || unit) : undefined
  const title = metricTitle(metric)
  if (!found || !conversion) return { words: `${title}: “${text.trim()}” is no number of its kind`, isSound: false }
  return { words: `${title} ${format.value(metric, convert(conversion, found.value))}`, isSound: true }
}
