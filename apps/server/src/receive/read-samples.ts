/**
 * Plain values of a metric: straight into columns, one column a unit. The loop looks at the six fields such a value has, and
 * only where their number does not explain all keys of the object is the value looked at field by field.
 */
import type { DayReading, MetricId, Rejection } from '@tributary/protocol'
import { isStorable } from '../platform/http/storable-text.ts'
import { instantMs, instantOffset, isDate, parseInstant } from './parse-instant.ts'
import type { BatchTime, ReadValues } from './read-values.ts'
import { codeOf, UnitColumn } from './unit-column.ts'
import type { FormFault } from './upload.ts'
import { formFaultOf, type RawValue, valueInvalid } from './value-form.ts'

const belongs: ReadonlySet<string> = new Set(['timestamp', 'end', 'date', 'value', 'unit', 'quality'])
/** Values of one body in more units than this are a mistake, and would be a column each. */
const mostUnits = 16
const fewValues = 16

export function readSamples(
  values: readonly RawValue[],
  metric: MetricId,
  unit: string | undefined,
  time: BatchTime | null,
  read: ReadValues,
): void {
  const columns = new Map<string | undefined, UnitColumn>()
  let column: UnitColumn | undefined
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as RawValue
    const fault = faultOf(value, time)
    if (fault) {
      reject(read.rejected, i, fault)
      continue
    }
    const spoken = (value.unit as string | undefined) ?? unit
    if (value.date !== undefined) {
      read.readings.push(dayOf(value, metric, spoken, i))
      continue
    }
    if (!column || column.unit !== spoken) {
      column = columns.get(spoken)
      if (!column && columns.size >= mostUnits) {
        reject(read.rejected, i, ['too_many_units', `A body takes values in ${mostUnits} units at most`])
        continue
      }
      column ??= new UnitColumn(metric, spoken, columns.size === 0 ? values.length : fewValues)
      columns.set(spoken, column)
    }
    addTo(column, i, value, time)
  }
  for (const filled of columns.values()) read.readings.push(filled.reading())
}

/** The timestamp is what `faultOf` parsed last. */
function addTo(
  column: UnitColumn,
  place: number,
  { timestamp, value, quality, end }: RawValue,
  time: BatchTime | null,
): void {
  const own = timestamp !== undefined
  const ms = own ? instantMs : (time?.ms ?? 0)
  column.add(place, ms, own ? instantOffset : (time?.offset ?? 0), value as number, quality)
  if (end !== undefined && parseInstant(end)) column.setDuration(instantMs - ms)
}

function dayOf(
  { date, value, quality }: RawValue,
  metric: MetricId,
  unit: string | undefined,
  place: number,
): DayReading {
  const day: DayReading = { kind: 'day', metric, date: date as string, value: value as number, place }
  if (unit !== undefined) day.unit = unit
  if (quality !== undefined) day.quality = quality as number | string
  return day
}

export function reject(rejected: Rejection[], index: number, [code, detail]: FormFault): void {
  rejected.push({ index, code, detail })
}

const valueMissing: FormFault = ['value_missing', 'A value needs a value']
const notANumber: FormFault = ['value_not_a_number', 'This metric takes numbers']
export const timeMissing: FormFault = ['time_missing', 'Neither the value nor its batch has a timestamp']

/** Null for a sound value, whose timestamp was then the last to be parsed. */
function faultOf(value: RawValue, time: BatchTime | null): FormFault | null {
  if (typeof value !== 'object' || value === null) return valueInvalid
  const known =
    (value.timestamp === undefined ? 0 : 1) +
    (value.value === undefined ? 0 : 1) +
    (value.unit === undefined ? 0 : 1) +
    (value.quality === undefined ? 0 : 1) +
    (value.end === undefined ? 0 : 1) +
    (value.date === undefined ? 0 : 1)
  let keys = 0
  for (const _ in value) keys++
  if (keys === known && isSound(value))
    return value.timestamp === undefined && value.date === undefined && !time ? timeMissing : null
  return formFaultOf(value, belongs) ?? (value.value === undefined ? valueMissing : notANumber)
}

/** A batch says the same unit for each of its values. */
let knownUnit: unknown

function isUnit(unit: unknown): boolean {
  if (typeof unit !== 'string' || unit.length > 40 || !isStorable(unit)) return false
  knownUnit = unit
  return true
}

function isSound({ value, unit, quality, end, date, timestamp }: RawValue): boolean {
  if (typeof value !== 'number' || !(value - value === 0)) return false
  if (unit !== undefined && unit !== knownUnit && !isUnit(unit)) return false
  if (quality !== undefined && codeOf(quality) === undefined) return false
  if (date !== undefined && !isDate(date)) return false
  if (end !== undefined && !parseInstant(end)) return false
  return timestamp === undefined || parseInstant(timestamp)
}
