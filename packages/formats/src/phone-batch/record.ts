/** One record of a batch, checked: the wire is snake_case, and the camelCase of the phones' libraries is taken as well. */
import type { Reading, RecordingMethod } from '@tributary/protocol'
import { isRecord } from '../json/records.ts'
import type { PieceSource } from '../piece.ts'

/** A record that cannot be used; the message is for people. */
export class PhoneRecordError extends Error {
  override name = 'PhoneRecordError'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export type Members = Readonly<Record<string, unknown>>

export interface PhoneRecord {
  id: string
  type: string
  /** ms. */
  start: number
  end: number
  offset: number | undefined
  unit: string | undefined
  method: RecordingMethod
  /** Grows with each change: of two with one id the higher counts. */
  version: number | undefined
  /** All members, for what only some types have. */
  members: Members
  metadata: Members
}

/** What became of one record. */
export interface PhoneTold {
  id: string
  version: number | undefined
  source: PieceSource
  readings: readonly Reading[]
}

const methods: readonly RecordingMethod[] = ['unknown', 'active', 'automatic', 'manual'] // by Health Connect's numbers

export function recordFrom(value: unknown, type?: string): PhoneRecord {
  if (!isRecord(value)) throw new PhoneRecordError('record_malformed', 'a record is an object')
  const id = textIn(member(value, 'id') ?? member(value, 'uuid'))
  if (!id) throw new PhoneRecordError('id_missing', 'a record needs the id its store gave it')
  if (id.length > 200) throw new PhoneRecordError('id_malformed', 'an id has at most 200 characters')
  const start = timeIn(member(value, 'start') ?? member(value, 'start_time') ?? member(value, 'time'))
  if (!start) throw new PhoneRecordError('time_missing', 'start is no RFC 3339 time')
  const given = member(value, 'end') ?? member(value, 'end_time')
  const end = given === undefined || given === null ? start : timeIn(given)
  if (!end) throw new PhoneRecordError('time_malformed', 'end is no RFC 3339 time')
  if (end.t < start.t) throw new PhoneRecordError('time_backwards', 'the record ends before it starts')
  const metadata = isRecord(value['metadata']) ? value['metadata'] : {}
  return {
    id,
    type: type ?? textIn(value['type']) ?? '',
    start: start.t,
    end: end.t,
    offset: offsetIn(member(value, 'zone_offset') ?? member(value, 'start_zone_offset')) ?? start.offset,
    unit: textIn(value['unit']),
    method: methodIn(
      member(value, 'recording') ?? member(value, 'recording_method') ?? metadata['recordingMethod'],
      metadata,
    ),
    version: versionIn(value),
    members: value,
    metadata,
  }
}

/** The id of one value of a record that has many: of the first it is the record's own, so that a record of one value keeps its id. */
export const partId = (id: string, place: number): string => (place === 0 ? id : `${id}#${place}`)

/** Values of a record in their order: a record that comes again with fewer loses those behind. */
export function numbered(id: string, readings: readonly Reading[]): Reading[] {
  let place = 0
  return readings.map((reading) =>
    reading.kind === 'sample' ? { ...reading, recordId: partId(id, place++) } : reading,
  )
}

/** `zone_offset`, or `zoneOffset` as the libraries spell it. */
export function member(value: Members, name: string): unknown {
  return value[name] ?? value[name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())]
}

function methodIn(value: unknown, metadata: Members): RecordingMethod {
  if (metadata['HKWasUserEntered'] === true || metadata['HKWasUserEntered'] === 1) return 'manual'
  if (typeof value === 'number') return methods[value] ?? 'unknown'
  return methods.find((method) => method === value) ?? 'unknown'
}

function versionIn(value: Members): number | undefined {
  const modified = timeIn(member(value, 'last_modified') ?? member(value, 'last_modified_time'))
  if (modified) return modified.t
  const version = member(value, 'client_record_version')
  return typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : undefined
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Text that can be kept: PostgreSQL takes neither NUL nor half of a surrogate pair. */
export const isStorable = (value: unknown): boolean =>
  typeof value === 'string'
    ? !value.includes('\0') && value.isWellFormed()
    : typeof value !== 'object' ||
      value === null ||
      Object.entries(value).every(([name, inner]) => isStorable(name) && isStorable(inner))

export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed()

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i

/** An instant with its zone; the offset is known only when it is not `Z`. */
export function timeIn(value: unknown): { t: number; offset: number | undefined } | undefined {
  if (typeof value !== 'string' || !written.test(value)) return undefined
  const t = Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(t)
    ? undefined
    : { t, offset: /Z$/i.test(value) ? undefined : offsetIn(value.slice(-6).replace(/^T?\d/, '')) }
}

/** `+02:00` as minutes east of UTC. */
function offsetIn(value: unknown): number | undefined {
  if (value === 'Z') return 0
  const [, sign, hours, minutes] = (typeof value === 'string' && /^([+-])(\d\d):?(\d\d)$/.exec(value)) || []
  if (hours === undefined) return undefined
  const total = Number(hours) * 60 + Number(minutes)
  return total > 18 * 60 ? undefined : sign === '-' ? -total : total
}

/** Who wrote it: bundle or package first, for names are changed by people. */
export function sourceOf(value: unknown, store: string): PieceSource {
  const source = isRecord(value) ? value : {}
  const device = isRecord(source['device']) ? source['device'] : {}
  const app = textIn(source['app']) ?? textIn(member(source, 'bundle_id'))
  const model = textIn(device['model'])
  const name = textIn(member(source, 'app_name')) ?? textIn(source['name'])
  const shown = [textIn(device['name']) ?? model, name ?? app].filter(Boolean).join(' · ')
  return {
    key: [app ?? name ?? '', textIn(device['manufacturer']) ?? '', model ?? ''].join('|').slice(0, 300),
    name: (shown || store).slice(0, 200),
    ...(app ? { app: app.slice(0, 200) } : {}),
    ...(textIn(device['manufacturer']) ? { manufacturer: textIn(device['manufacturer']) as string } : {}),
    ...(model ? { model } : {}),
  }
}
