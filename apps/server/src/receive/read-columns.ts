/** The same in columns: times as steps from `t0`, values, and optionally lengths and qualities. */
import { type DataType, type Measured, primaryKind } from '@tributary/protocol'
import { instantMs, instantOffset, parseInstant } from './parse-instant.ts'
import type { Fields } from './read-body.ts'
import { reject } from './read-samples.ts'
import type { ReadValues } from './read-values.ts'
import { codeOf, UnitColumn } from './unit-column.ts'
import { type FormFault, type UnusableBody, unusable } from './upload.ts'

export function readColumns(body: Fields, type: DataType, unit: string | undefined): ReadValues | UnusableBody {
  const { t0, dt, v, d, q } = body
  if (!parseInstant(t0)) return unusable('/t0', 'takes an RFC 3339 date and time with an offset')
  const [start, offset] = [instantMs, instantOffset]
  if (!isListOf(dt, Number.isSafeInteger)) return unusable('/dt', 'takes whole milliseconds, at least one')
  if (!Array.isArray(v) || v.length === 0) return unusable('/v', 'takes numbers, at least one')
  if (d !== undefined && !(Array.isArray(d) && d.every(isLength)))
    return unusable('/d', 'takes whole milliseconds from 0')
  if (q !== undefined && !Array.isArray(q)) return unusable('/q', 'takes a list of qualities')
  for (const [name, column] of Object.entries({ v, d, q }))
    if (column !== undefined && column.length !== dt.length)
      return unusable(`/${name}`, `takes as many as dt, which has ${dt.length}`)
  if (type.kind !== 'metric' || primaryKind(type.metric) === 'E')
    return unusable('/data_type', 'Values of this type are not plain numbers: send them as values')
  const column = new UnitColumn(type.metric, unit, dt.length)
  const read: ReadValues = { readings: [], received: dt.length, rejected: [] }
  let ms = start
  for (let i = 0; i < dt.length; i++) {
    ms += dt[i] as number
    const quality: unknown = q?.[i]
    const fault = faultOf(v[i], quality)
    if (fault) reject(read.rejected, i, fault)
    else {
      column.add(i, ms, offset, v[i] as number, quality)
      if (d) column.setDuration(d[i] as number)
    }
  }
  if (column.n) read.readings.push(column.reading() satisfies Measured)
  return read
}

function faultOf(value: unknown, quality: unknown): FormFault | null {
  if (typeof value !== 'number') return ['value_not_a_number', 'This metric takes numbers']
  if (!Number.isFinite(value)) return ['value_not_finite', 'The value is not a finite number']
  return quality !== undefined && codeOf(quality) === undefined
    ? ['quality_invalid', 'quality takes good, fair, poor, unknown or a number from 0 to 1']
    : null
}

const isLength = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

function isListOf(list: unknown, is: (item: unknown) => boolean): list is unknown[] {
  return Array.isArray(list) && list.length > 0 && list.every(is)
}
