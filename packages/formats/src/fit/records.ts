import type { Stream } from '@tributary/protocol'
import { pickRows, rowsWhere, timeOrder } from '../columns.ts'
import { placeFault, roundPlace } from '../geo.ts'
import type { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import type { TimeCheck } from '../times.ts'
import { type FieldDescriptions, overrideKey } from './field-descriptions.ts'
import { firstDate, fitTimeToMs, semicircles } from './profile.ts'
import {
  cadence256,
  cadenceField,
  fractionalCadence,
  leftRightBalance,
  positionLat,
  positionLong,
  recordFields,
} from './record-fields.ts'
import type { RecordTable } from './record-table.ts'

/** The records of one part in canonical units, sorted by time. Rows without a usable time are gone, each counted as rejected. */
export interface Records {
  t: Float64Array
  lat: Float64Array
  lon: Float64Array
  /** Dense columns, NaN where a row lacks the value; cadence is still as it was written. */
  columns: Map<string, Float64Array>
}

export function resolveRecords(
  table: RecordTable,
  descriptions: FieldDescriptions,
  time: TimeCheck,
  losses: Losses,
): Records {
  const t = resolveTimes(table, time, losses)
  const columns = resolveColumns(table, descriptions)
  const place = resolvePlaces(table, losses)
  const kept = rowsWhere(t.length, (row) => !Number.isNaN(t[row]))
  const order = timeOrder(pickRows(t, kept))
  const rows = order?.map((at) => kept[at] as number) ?? kept
  // Nearly every file is whole and in order: then nothing is copied.
  const inOrder = (values: Float64Array) => (order || kept.length < t.length ? pickRows(values, rows) : values)
  for (const [name, values] of columns) columns.set(name, inOrder(values))
  return { t: inOrder(t), lat: inOrder(place.lat), lon: inOrder(place.lon), columns }
}

/** The rows of a dense column that have a value. */
export function toStream(t: Float64Array, values: Float64Array): Stream {
  const kept = rowsWhere(values.length, (row) => Number.isFinite(values[row]))
  return { t: pickRows(t, kept), v: pickRows(values, kept) }
}

function resolveTimes(table: RecordTable, time: TimeCheck, losses: Losses): Float64Array {
  return table.times.view.map((seconds, row) => {
    const fault = timeFault(seconds, time)
    if (!fault) return fitTimeToMs(seconds)
    losses.reject(row, fault.code, fault.detail)
    return Number.NaN
  })
}

function timeFault(seconds: number, time: TimeCheck) {
  if (Number.isNaN(seconds)) return { code: 'time_missing', detail: 'the record has no time' }
  if (seconds < firstDate) {
    return { code: 'time_relative', detail: `the clock was not set: ${seconds} s since the device was switched on` }
  }
  return time(fitTimeToMs(seconds))
}

function resolveColumns(table: RecordTable, descriptions: FieldDescriptions): Map<string, Float64Array> {
  const columns = new Map<string, Float64Array>()
  const fill = (name: string, key: number, scale: number, offset: number) => {
    const source = table.column(key)
    if (!source?.rows.length) return
    if (!columns.has(name)) columns.set(name, emptyColumn(table.length, columns.size))
    const target = columns.get(name) as Float64Array
    const rows = source.rows.view
    const values = source.values.view
    for (let i = 0; i < rows.length; i++) {
      const value = ((values[i] as number) - offset * scale) / scale
      if (Number.isFinite(value)) target[rows[i] as number] = value
    }
  }
  const fillOverride = (name: string, num: number) => {
    const developer = descriptions.byKey(overrideKey(num))
    if (developer) fill(name, developer.key, developer.scale, developer.offset)
  }
  for (const { num, column } of recordFields) fillOverride(column, num)
  for (const { num, column, scale, offset = 0 } of recordFields) fill(column, num, scale, offset)
  fillOverride('cadence', cadenceField)
  fill('cadence', cadence256, 256, 0)
  fill('cadence', cadenceField, 1, 0)
  addFractions(columns.get('cadence'), table)
  maskBalance(columns.get('/left_right_balance'), table)
  for (const [key, stream] of descriptions.own) {
    const developer = descriptions.byKey(key)
    if (developer) fill(`/${stream}`, key, developer.scale, developer.offset)
  }
  return columns
}

/** Dense columns of a small file could fill the memory: a million-byte file may hold 500,000 records and name 50 fields. */
const mostCells = 12_000_000

function emptyColumn(rows: number, others: number): Float64Array {
  if (rows * (others + 1) > mostCells) {
    throw new FormatError(
      'too_many_records',
      `${rows} records of more than ${others} fields are more than an activity can have`,
    )
  }
  return new Float64Array(rows).fill(Number.NaN)
}

function addFractions(cadence: Float64Array | undefined, table: RecordTable): void {
  const fractions = table.column(fractionalCadence)
  if (!cadence || !fractions) return
  const values = fractions.values.view
  for (const [i, row] of fractions.rows.view.entries())
    cadence[row] = (cadence[row] as number) + (values[i] as number) / 128
}

/** The share of the right leg in percent; without bit 7 it is not known which leg, and the value says nothing. */
function maskBalance(balance: Float64Array | undefined, table: RecordTable): void {
  const source = table.column(leftRightBalance)
  if (!balance || !source) return
  for (const [i, row] of source.rows.view.entries()) {
    const value = source.values.view[i] as number
    balance[row] = value & 0x80 ? value & 0x7f : Number.NaN
  }
}

function resolvePlaces(table: RecordTable, losses: Losses) {
  const lat = new Float64Array(table.length).fill(Number.NaN)
  const lon = new Float64Array(table.length).fill(Number.NaN)
  spread(table, positionLat, lat)
  spread(table, positionLong, lon)
  for (let row = 0; row < lat.length; row++) {
    const [y, x] = [lat[row] as number, lon[row] as number]
    if (Number.isNaN(y) && Number.isNaN(x)) continue
    const fault = placeFault(y, x)
    if (fault) losses.reject(row, 'position_invalid', fault)
    lat[row] = fault ? Number.NaN : roundPlace(y)
    lon[row] = fault ? Number.NaN : roundPlace(x)
  }
  return { lat, lon }
}

function spread(table: RecordTable, key: number, target: Float64Array): void {
  const source = table.column(key)
  if (!source) return
  const values = source.values.view
  for (const [i, row] of source.rows.view.entries()) target[row] = (values[i] as number) * semicircles
}
