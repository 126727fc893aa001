import { createHash } from 'node:crypto'
import {
  catalogue,
  conversionFor,
  convert,
  durationSeconds,
  hasKind,
  isMetric,
  type Kind,
  type MetricId,
  primaryKind,
  tableOf,
} from '@tributary/protocol'
import { dayMs } from '../limits.ts'
import type { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import type { PieceSource, ReadOptions } from '../piece.ts'
import type { PieceBuilder } from '../piece-builder.ts'
import { type TimeCheck, timeCheck } from '../times.ts'
import { type CsvMap, columnNames, headerKey } from './mapping.ts'
import { isEmptyCell, readCell } from './numbers.ts'
import { type RowTime, TimeReader } from './times.ts'

const longestRaw = 8000

interface MappedColumn {
  at: number
  name: string
  metric: MetricId
  kind: Kind
  unit: string | undefined
}

interface Fault {
  code: string
  detail: string
}

interface Cell extends MappedColumn {
  value: number | string
  cellUnit: string | undefined
}

/** A header and its mapping: turns one row after another into readings. */
export class Table {
  readonly source: PieceSource
  readonly #header: string[]
  readonly #map: CsvMap
  readonly #columns: MappedColumn[]
  readonly #timeAt: number
  readonly #ofDayAt: number
  readonly #times: TimeReader
  readonly #check: TimeCheck
  readonly #losses: Losses
  readonly #pieces: PieceBuilder

  constructor(header: string[], map: CsvMap, options: ReadOptions, pieces: PieceBuilder) {
    const { losses } = pieces
    this.#header = header
    this.#map = map
    this.#losses = losses
    this.#pieces = pieces
    this.#times = new TimeReader(map, options.timeZone)
    this.#check = timeCheck(options.now)
    this.source = sourceOf(map, header)
    this.#timeAt = find(header, map.time.column)
    this.#ofDayAt = map.time.time_column === undefined ? -1 : find(header, map.time.time_column)
    this.#columns = map.values.flatMap(({ column, metric, unit }) => {
      const at = find(header, column)
      if (!isMetric(metric)) throw new FormatError('csv_metric_unknown', `nobody knows what ${metric} measures`)
      if (!conversionFor(metric, unit))
        throw new FormatError('csv_unit_unknown', `${metric} is never measured in ${unit}`)
      if (at < 0) losses.warn('csv_column_missing', `the table has no column “${column}”`)
      return at < 0 ? [] : [{ at, name: column, metric, kind: primaryKind(metric), unit }]
    })
    if (this.#timeAt < 0)
      throw new FormatError('csv_column_missing', `the table has no column “${map.time.column}”, which has the time`)
    if (map.time.time_column !== undefined && this.#ofDayAt < 0) {
      throw new FormatError(
        'csv_column_missing',
        `the table has no column “${map.time.time_column}”, which has the time of day`,
      )
    }
    if (!this.#columns.length)
      throw new FormatError('csv_column_missing', 'the table has none of the columns that hold values')
  }

  /** `place`: the number of the row as a spreadsheet shows it. */
  read(row: string[], place: number): void {
    if (this.#columns.every(({ at }) => isEmptyCell(row[at] ?? '') && (row[at] ?? '').trim() !== 'none')) return
    const faults: Fault[] = []
    const time = this.#timeOf(row, place, faults)
    const cells = time ? this.#cells(row, faults) : []
    const pressure = pressureOf(cells)
    if (time && pressure) this.#giveEvent('blood_pressure', pressure, time, place)
    for (const cell of cells) {
      if (time && !(pressure && cell.metric in pressureParts)) this.#give(cell, time, place)
    }
    const [first] = faults
    if (!first) return
    const detail = faults
      .map((fault) => fault.detail)
      .join('; ')
      .slice(0, 1000)
    this.#losses.reject(place, first.code, detail)
    this.#pieces.unusable(this.source, { index: place, code: first.code, detail, raw: this.#raw(row) })
  }

  /** Columns that no mapping takes, each with the number of rows that were passed over. */
  nameUnused(rows: number): void {
    for (const [at, name] of this.#header.entries()) {
      const isTaken = at === this.#timeAt || at === this.#ofDayAt || this.#columns.some((column) => column.at === at)
      if (!isTaken) this.#losses.leaveUnused(name, rows)
    }
  }

  #timeOf(row: string[], place: number, faults: Fault[]): RowTime | undefined {
    const cell = short(row[this.#timeAt] ?? '')
    const time = this.#times.read(row[this.#timeAt] ?? '', row[this.#ofDayAt])
    if (!time) {
      faults.push({ code: 'time_unreadable', detail: `“${cell}” is no time of the kind ${this.#map.time.format}` })
      return undefined
    }
    const fault = this.#check(time.t)
    if (fault) {
      faults.push(fault)
      return undefined
    }
    if (time.isDateOnly) {
      this.#losses.warn(
        'date_only',
        'rows without a time of day: single measurements stand at noon, amounts for the whole day',
      )
    } else if (time.doubt === 'twice') {
      this.#losses.warn(
        'time_twice',
        `row ${place}: clocks showed ${cell} twice, as they were put back; taken by the order of the rows, else for the first`,
      )
    } else if (time.doubt === 'never') {
      this.#losses.warn(
        'time_never',
        `row ${place}: clocks never showed ${cell}, as they were put forward; read as if they had not been yet`,
      )
    }
    return time
  }

  #cells(row: string[], faults: Fault[]): Cell[] {
    return this.#columns.flatMap((column): Cell[] => {
      const text = (row[column.at] ?? '').trim()
      const words = catalogue[column.metric].words
      if (words?.includes(text.toLowerCase())) return [{ ...column, value: text.toLowerCase(), cellUnit: undefined }]
      if (isEmptyCell(text)) return []
      if (words) {
        faults.push({ code: 'value_unreadable', detail: `“${short(text)}” is none of ${words.join(', ')}` })
        return []
      }
      const seconds = secondsIn(text, column)
      if (seconds !== undefined) return [{ ...column, value: seconds, cellUnit: 's' }]
      const found = readCell(text, this.#map.decimal)
      if (found && (!found.unit || conversionFor(column.metric, found.unit))) {
        return [{ ...column, value: found.value, cellUnit: found.unit || undefined }]
      }
      faults.push({ code: 'value_unreadable', detail: `“${short(text)}” in the column “${column.name}” is no number` })
      return []
    })
  }

  #give(cell: Cell, time: RowTime, place: number): void {
    const { metric, kind, value } = cell
    const unit = cell.cellUnit ?? cell.unit
    if (typeof value === 'string') this.#giveEvent(metric, { value }, time, place)
    else if (kind === 'E') this.#giveEvent(metric, { value }, time, place, unit)
    else if (kind === 'D' || (time.isDateOnly && hasKind(metric, 'D'))) {
      const date = new Date(time.wall).toISOString().slice(0, 10)
      this.#pieces.row(this.source, {
        kind: 'day',
        metric,
        date,
        value,
        place,
        ...(unit === undefined ? {} : { unit }),
      })
    } else if (kind === 'I' && time.isDateOnly) {
      const duration = this.#times.midnight(time.wall + dayMs) - time.t
      this.#pieces.value(this.source, metric, time.t, value, { duration, unit, offset: time.offset, place })
    } else this.#pieces.value(this.source, metric, pointOf(time), value, { unit, offset: time.offset, place })
  }

  #giveEvent(
    metric: string,
    value: Record<string, number | string>,
    time: RowTime,
    place: number,
    unit?: string,
  ): void {
    const event = { kind: 'event' as const, metric, start: pointOf(time), value, offset: time.offset, place }
    this.#pieces.row(this.source, unit === undefined ? event : { ...event, unit })
  }

  /** Header and row; of a wide table only what the mapping needs. */
  #raw(row: string[]): string {
    const all = [this.#header, row].map((cells) => written(cells, this.#map.delimiter)).join('\n')
    if (all.length <= longestRaw) return all
    const needed = [this.#timeAt, this.#ofDayAt, ...this.#columns.map(({ at }) => at)].filter((at) => at >= 0)
    const cells = (list: string[]) => needed.map((at) => (list[at] ?? '').slice(0, 200))
    return [this.#header, row]
      .map((list) => written(cells(list), this.#map.delimiter))
      .join('\n')
      .slice(0, longestRaw)
  }
}

const noonMs = dayMs / 2

/** A date alone stands at noon: the same date nearly everywhere on Earth. */
function pointOf(time: RowTime): number {
  return time.isDateOnly ? time.t + noonMs : time.t
}

const pressureParts: Readonly<Record<string, string>> = tableOf({
  bp_systolic: 'systolic',
  bp_diastolic: 'diastolic',
  bp_mean: 'mean',
})

/** Both of a blood pressure's values in one row are one measurement, in the catalogue's own unit. */
function pressureOf(cells: Cell[]): Record<string, number> | undefined {
  const parts: Record<string, number> = {}
  for (const { metric, value, unit, cellUnit } of cells) {
    const part = pressureParts[metric]
    const conversion = conversionFor(metric, cellUnit ?? unit)
    if (!part || typeof value !== 'number' || !conversion) continue
    parts[part] = convert(conversion, value)
  }
  return 'systolic' in parts && 'diastolic' in parts ? parts : undefined
}

/** `7:45:00` of a length; with two parts only where the unit says which. */
function secondsIn(text: string, { metric, unit }: MappedColumn): number | undefined {
  if (catalogue[metric].unit !== 's' || !text.includes(':')) return undefined
  const parts = text.trim().split(':').length
  if (parts === 3) return durationSeconds(text.trim())
  if (parts !== 2) return undefined
  if (/^(h|hr|hrs|hours?)$/i.test(unit ?? '')) return durationSeconds(`${text.trim()}:00`)
  return /^(min|mins|minutes?)$/i.test(unit ?? '') ? durationSeconds(text.trim()) : undefined
}

function find(header: string[], column: string): number {
  const plain = (name: string) => columnNames([name])[0]?.toLowerCase()
  return header.findIndex((name) => plain(name) === plain(column))
}

function sourceOf({ source_name }: CsvMap, header: string[]): PieceSource {
  const name = source_name?.trim()
  if (name) return { key: `csv:${name.toLowerCase()}`, name }
  return { key: `csv:${createHash('sha256').update(headerKey(header)).digest('hex').slice(0, 16)}`, name: 'Table' }
}

/** Cells as one row of a table again. */
export function written(cells: readonly string[], delimiter: string): string {
  return cells
    .map((cell) => (/["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(delimiter)
}

/** Of a cell, what a sentence about it may hold. */
export function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
