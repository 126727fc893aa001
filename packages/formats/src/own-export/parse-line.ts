/** One line of each part to readings. Whatever is not as we write it throws a RangeError that says what. */
import {
  isActivity,
  type Measured,
  qualityAsSent,
  recordingMethods,
  type SessionPart,
  type SessionReading,
  sessionPartKinds,
  sessionTypes,
  type Track,
} from '@tributary/protocol'
import type { PieceSource, RestoredPlan, RestoredSession, RestoredSuppression } from '../piece.ts'
import { readColumn, readSteps } from './columns.ts'
import type { DayLine, EventLine, PlanLine, SampleLine, SessionLine, SuppressionLine, WayLine } from './layout.ts'

/** Most values of a line, and of a track or a stream. */
const mostValues = 1_000_000

type Unknown<T> = { [K in keyof T]?: unknown }

export function samplesOf(text: string): Measured[] {
  const line = objectOf<SampleLine>(text)
  const n = countOf(line.n)
  const metric = textOf(line.metric, 'metric')
  const t = readSteps(line.t, n)
  const v = readColumn(line.v, n)
  const d = line.d === undefined ? null : readColumn(line.d, n)
  const q = line.q === undefined ? null : Uint32Array.from(readColumn(line.q, n))
  const z = line.z === undefined ? null : Int16Array.from(readColumn(line.z, n))
  const m = line.m === undefined ? null : readColumn(line.m, n)
  const whole = {
    kind: 'series' as const,
    metric,
    t,
    v,
    ...(d && { durations: d }),
    ...(q && { qualities: q }),
    ...(z && { offsets: z }),
  }
  if (!m) return [whole]
  const methods = [...new Set(m)].sort((a, b) => a - b)
  return methods.map((code) => {
    const method = recordingMethods[code]
    if (method === undefined) throw new RangeError(`there is no recording method ${code}`)
    if (methods.length === 1) return { ...whole, method }
    const own = Uint32Array.from(m.keys().filter((i) => m[i] === code))
    const pick = (column: Float64Array) => Float64Array.from(own, (i) => column[i] as number)
    return {
      ...whole,
      method,
      t: pick(t),
      v: pick(v),
      ...(d && { durations: pick(d) }),
      ...(q && { qualities: Uint32Array.from(own, (i) => q[i] as number) }),
      ...(z && { offsets: Int16Array.from(own, (i) => z[i] as number) }),
    }
  })
}

export function dayOf(text: string, place: number): Measured {
  const { metric, date, value, quality } = objectOf<DayLine>(text)
  return {
    kind: 'day',
    metric: textOf(metric, 'metric'),
    date: textOf(date, 'date'),
    value: numberOf(value, 'value'),
    ...saidQuality(quality),
    place,
  }
}

export function eventOf(text: string, place: number): Measured {
  const { metric, start, end, value, quality, offset, external_id } = objectOf<EventLine>(text)
  return {
    kind: 'event',
    metric: textOf(metric, 'metric'),
    start: numberOf(start, 'start'),
    ...(end === null || end === undefined ? {} : { end: numberOf(end, 'end') }),
    value: recordOf(value, 'value') as EventLine['value'],
    ...saidQuality(quality),
    ...(typeof offset === 'number' ? { offset } : {}),
    externalId: typeof external_id === 'string' ? external_id : '',
    place,
  }
}

export const positionsOf = (text: string): Measured => ({ kind: 'positions', track: trackOf(objectOf<WayLine>(text)) })

export function sessionOf(text: string): { session: SessionReading; restored: RestoredSession } {
  const line = objectOf<SessionLine>(text)
  const type = sessionTypes.find((name) => name === line.type)
  if (!type) throw new RangeError('the type of a session is unknown')
  const { activity, title, offset, track } = line
  const streams = Object.entries(recordOf(line.streams ?? {}, 'streams'))
  const session: SessionReading = {
    kind: 'session',
    type,
    ...(type === 'sleep' && typeof line.is_nap === 'boolean' ? { isNap: line.is_nap } : {}),
    ...(typeof activity === 'string' && isActivity(activity) ? { activity } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    start: numberOf(line.start, 'start'),
    end: numberOf(line.end, 'end'),
    ...(typeof offset === 'number' ? { offset } : {}),
    externalId: textOf(line.external_id, 'external_id'),
    totals: numbersOf(line.totals, 'totals'),
    parts: listOf(line.parts, 'parts').map(partOf),
    ...(track ? { track: trackOf(track as Unknown<WayLine>) } : {}),
    ...(streams.length
      ? { streams: Object.fromEntries(streams.map(([name, stream]) => [name, streamOf(stream)])) }
      : {}),
    derived: listOf(line.derived ?? [], 'derived').map((name) => textOf(name, 'derived')),
    extra: recordOf(line.extra ?? {}, 'extra'),
  }
  return { session, restored: restoredOf(line, session.externalId) }
}

function restoredOf(line: Unknown<SessionLine>, externalId: string): RestoredSession {
  const { hash, notes, edits, format, file_name: fileName, file } = line
  if (typeof hash === 'string' && !/^[0-9a-f]{64}$/.test(hash)) throw new RangeError('hash is no SHA-256')
  return {
    externalId,
    hash: hash === null || typeof hash === 'string' ? hash : undefined,
    notes: textOrNull(notes, 'notes', mostText),
    edits: edits === null || edits === undefined ? null : editsOf(recordOf(edits, 'edits')),
    format: textOrNull(format, 'format'),
    fileName: textOrNull(fileName, 'file_name'),
    file: typeof file === 'string' ? (/^files\/([^/]+)\/$/.exec(file)?.[1] ?? null) : null,
  }
}

function editsOf({ title, activity, totals }: Record<string, unknown>): RestoredSession['edits'] {
  const figures = Object.entries(totals === undefined ? {} : recordOf(totals, 'edits'))
  return {
    ...(title === undefined ? {} : { title: textOrNull(title, 'edits') }),
    ...(activity === undefined ? {} : { activity: textOrNull(activity, 'edits') }),
    ...(figures.length
      ? { totals: Object.fromEntries(figures.map(([name, value]) => [name, numberOrNull(value, 'edits')])) }
      : {}),
  }
}

export function planOf(text: string, sources: readonly PieceSource[]): RestoredPlan {
  const line = objectOf<PlanLine>(text)
  const matchedBy = (['rule', 'person', 'nobody'] as const).find((one) => one === line.matched_by) ?? null
  const date = textOf(line.date, 'date')
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(Date.parse(date))) throw new RangeError('date is no date')
  const activity = textOrNull(line.activity, 'activity')
  if (activity !== null && !isActivity(activity)) throw new RangeError('the activity of a plan is unknown')
  const at = (place: unknown, name: string) => {
    if (place === null || place === undefined) return null
    const own = recordOf(place, name)
    return { source: sourceAt(own['source'], sources), externalId: textOf(own['external_id'], name) }
  }
  return {
    id: idOf(line.id),
    activity,
    title: textOf(line.title, 'title'),
    description: textOrNull(line.description, 'description', mostText),
    date,
    start: timeOrNull(line.start, 'start'),
    duration: numberOrNull(line.duration, 'duration'),
    distance: numberOrNull(line.distance, 'distance'),
    skipped: timeOrNull(line.skipped, 'skipped'),
    matchedBy,
    session: at(line.session, 'session'),
    told: at(line.told, 'told'),
    edits: line.edits === null || line.edits === undefined ? null : planEditsOf(recordOf(line.edits, 'edits')),
  }
}

const planWords = {
  activity: textOrNull,
  title: textOf,
  description: (value: unknown, name: string) => textOrNull(value, name, mostText),
  scheduled_on: textOf,
  start_time: textOrNull,
  duration: numberOrNull,
  distance: numberOrNull,
} as const

const planEditsOf = (edits: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(planWords)
      .filter(([name]) => edits[name] !== undefined)
      .map(([name, read]) => [name, read(edits[name], name)]),
  )

export function suppressionOf(text: string, sources: readonly PieceSource[]): RestoredSuppression {
  const line = objectOf<SuppressionLine>(text)
  return {
    id: idOf(line.id),
    source: line.source === null || line.source === undefined ? null : sourceAt(line.source, sources),
    metric: textOrNull(line.metric, 'metric'),
    externalId: textOrNull(line.external_id, 'external_id'),
    title: textOrNull(line.title, 'title'),
    from: timeOrNull(line.start, 'start'),
    to: timeOrNull(line.end, 'end'),
  }
}

const mostText = 20_000

function sourceAt(number: unknown, sources: readonly PieceSource[]): PieceSource {
  const source = typeof number === 'number' ? sources[number] : undefined
  if (!source) throw new RangeError('a line names a source that the archive does not have')
  return source
}

function idOf(value: unknown): string {
  const id = textOf(value, 'id')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new RangeError('id is none of ours')
  return id
}

function textOrNull(value: unknown, name: string, longest = 500): string | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'string' || value.length > longest) throw new RangeError(`${name} is no text`)
  return value
}

function numberOrNull(value: unknown, name: string): number | null {
  return value === null || value === undefined ? null : numberOf(value, name)
}

/** What a date of JavaScript can be. */
function timeOrNull(value: unknown, name: string): number | null {
  const time = numberOrNull(value, name)
  if (time !== null && Math.abs(time) > 8.64e15) throw new RangeError(`${name} is no time`)
  return time
}

function partOf(given: unknown): SessionPart {
  const part = recordOf(given, 'a part') as Unknown<SessionLine['parts'][number]>
  const kind = sessionPartKinds.find((name) => name === part.kind)
  if (!kind) throw new RangeError('the kind of a part is unknown')
  return {
    kind,
    start: numberOf(part.start, 'start'),
    end: numberOf(part.end, 'end'),
    ...(typeof part.label === 'string' ? { label: part.label } : {}),
    ...(typeof part.intensity === 'string' ? { intensity: part.intensity } : {}),
    totals: numbersOf(part.totals ?? {}, 'totals'),
  }
}

function trackOf(way: Unknown<WayLine>): Track {
  const n = countOf(way.n)
  return {
    t: readSteps(way.t, n),
    lat: readColumn(way.lat, n),
    lon: readColumn(way.lon, n),
    ele: readColumn(way.ele, n),
  }
}

function streamOf(given: unknown) {
  const { n, t, v } = recordOf(given, 'a stream')
  const count = countOf(n)
  return { t: readSteps(t, count), v: readColumn(v, count) }
}

function objectOf<T>(text: string): Unknown<T> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new RangeError('a line is not JSON', { cause })
  }
  return recordOf(value, 'a line') as Unknown<T>
}

function recordOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError(`${name} is no object`)
  return value as Record<string, unknown>
}

function listOf(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new RangeError(`${name} is no list`)
  return value
}

function numbersOf(value: unknown, name: string): Record<string, number> {
  const record = recordOf(value, name)
  for (const figure of Object.values(record)) numberOf(figure, name)
  return record as Record<string, number>
}

function numberOf(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`${name} is no number`)
  return value
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || !value || value.length > 500) throw new RangeError(`${name} is no text`)
  return value
}

function countOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > mostValues)
    throw new RangeError('a line does not say how many values it has')
  return value
}

function saidQuality(code: unknown): { quality?: number | string } {
  const said = typeof code === 'number' ? qualityAsSent(code) : undefined
  return said === undefined ? {} : { quality: said }
}
