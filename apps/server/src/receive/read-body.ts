/** Checks a body around its values: the same as the contract's `UploadBody`, by hand. */
import { type DataType, type Measured, resolveDataType } from '@tributary/protocol'
import { findUnstorable, isStorable } from '../platform/http/storable-text.ts'
import { instantMs, instantOffset, parseInstant } from './parse-instant.ts'
import { readColumns } from './read-columns.ts'
import { type BatchTime, readValues } from './read-values.ts'
import { type Metadata, type UnusableBody, type UsableBody, unusable } from './upload.ts'
import type { RawValue } from './value-form.ts'

const valuesKeys = new Set(['data_type', 'timestamp', 'unit', 'values', 'metadata'])
const columnsKeys = new Set(['data_type', 'unit', 't0', 'dt', 'v', 'd', 'q', 'metadata'])

/** Metadata is kept with its batch: enough for notes, not for a second copy of the data. */
const maxMetadata = 8_192

export type Fields = Readonly<Record<string, unknown>>

export function readBody(body: unknown): UsableBody | UnusableBody {
  if (!isObject(body)) return unusable('', 'A body is a JSON object')
  const columnar = body['t0'] !== undefined || body['dt'] !== undefined || body['v'] !== undefined
  const fault = envelopeFault(body, columnar ? columnsKeys : valuesKeys)
  if (fault) return fault
  const dataType = body['data_type'] as string
  const type = resolveDataType(dataType)
  if (!type)
    return unusable(
      '/data_type',
      `${dataType} is not in the catalogue: GET /api/v1/metrics lists what is`,
      'data_type_unknown',
    )
  const unit = body['unit'] as string | undefined
  const time = timeOf(columnar ? body['t0'] : body['timestamp'])
  const read = columnar ? readColumns(body, type, unit) : readValues(body['values'] as RawValue[], type, unit, time)
  if ('errors' in read) return read
  const metadata = (body['metadata'] as Metadata | undefined) ?? null
  return { dataType: nameOf(type), metadata, t0: time?.ms ?? firstTime(read.readings), ...read }
}

const nameOf = (type: DataType): string => (type.kind === 'metric' ? type.metric : type.name)

const timeOf = (written: unknown): BatchTime | null =>
  parseInstant(written) ? { ms: instantMs, offset: instantOffset } : null

/** When a batch does not say its time, its first value does. */
function firstTime([first]: readonly Measured[]): number | null {
  switch (first?.kind) {
    case 'series':
      return first.t[0] ?? null
    case 'positions':
      return first.track.t[0] ?? null
    case 'day':
      return Date.parse(first.date)
    case 'event':
    case 'stage':
      return first.start
    default:
      return null
  }
}

function envelopeFault(body: Fields, keys: ReadonlySet<string>): UnusableBody | null {
  for (const key in body) {
    if (!keys.has(key))
      return unusable(`/${key.slice(0, 100)}`, 'is not a field of this request', 'invalid_request', 'unknown_field')
  }
  const { data_type, timestamp, unit, values, metadata } = body
  if (typeof data_type !== 'string' || data_type.length < 1 || data_type.length > 50)
    return unusable('/data_type', 'takes the name of a metric, 1 to 50 characters')
  if (unit !== undefined && !(isText(unit, 40) && isStorable(unit)))
    return unusable('/unit', 'takes up to 40 characters')
  if (metadata !== undefined) {
    const fault = metadataFault(metadata)
    if (fault) return fault
  }
  if (keys === columnsKeys) return null
  if (timestamp !== undefined && !parseInstant(timestamp))
    return unusable('/timestamp', 'takes an RFC 3339 date and time with an offset')
  return Array.isArray(values) && values.length > 0 ? null : unusable('/values', 'takes a list of at least one value')
}

export function metadataFault(metadata: unknown): UnusableBody | null {
  if (!isObject(metadata)) return unusable('/metadata', 'takes a JSON object')
  const { source, accuracy, battery_level: battery, signal_strength: signal } = metadata
  if (source !== undefined && !isText(source, 200)) return unusable('/metadata/source', 'takes up to 200 characters')
  if (accuracy !== undefined && !isWithin(accuracy, 0, 1))
    return unusable('/metadata/accuracy', 'takes a number from 0 to 1')
  if (battery !== undefined && !(isWithin(battery, 0, 100) && Number.isInteger(battery)))
    return unusable('/metadata/battery_level', 'takes a whole number from 0 to 100')
  if (signal !== undefined && !isText(signal, 20))
    return unusable('/metadata/signal_strength', 'takes up to 20 characters')
  if (JSON.stringify(metadata).length > maxMetadata)
    return unusable('/metadata', `takes up to ${maxMetadata} characters`)
  return findUnstorable(metadata)
    ? unusable('/metadata', 'holds a character that cannot be stored (NUL, or half of a surrogate pair)')
    : null
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most
const isWithin = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most
