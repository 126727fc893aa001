/** One line of each part to readings. Whatever is not as we write it throws a RangeError that says what. */
import {
  type Measured,
  qualityCode,
  recordingMethods,
  type SessionPart,
  type SessionReading,
  sessionPartKinds,
  sessionTypes,
  type Track,
} from '@tributary/protocol'
import type { PieceSource, RestoredPlan, RestoredSession, RestoredSuppression } from '../piece.ts'
import type { TimeCheck } from '../times.ts'
import { readColumn } from './columns.ts'
import {
  columnWithin,
  countOf,
  idOf,
  listOf,
  mostOffset,
  mostText,
  numberOf,
  numberOrNull,
  numbersOf,
  objectOf,
  recordOf,
  saidActivity,
  saidOffset,
  saidQuality,
  spanOf,
  textOf,
  textOrNull,
  timeOrNull,
  timesOf,
  type Unknown,
  valuesOverTime,
} from './fields.ts'
import type { DayLine, EventLine, PlanLine, SampleLine, SessionLine, SuppressionLine, WayLine } from './layout.ts'

export function samplesOf(text: string, time: TimeCheck): Measured[] {
  const line = objectOf<SampleLine>(text)
  const n = countOf(line.n)
  const metric = textOf(line.metric, 'metric')
  const { t, v } = valuesOverTime(line, n, time)
  if (t.some((ms, i) => i > 0 && ms < (t[i - 1] as number))) throw new RangeError('its times go back')
  const column = (given: unknown, name: string, least: number, most: number) =>
    given === undefined ? null : columnWithin(readColumn(given, n), name, least, most)
  const d = column(line.d, 'a length', 0, Number.MAX_VALUE)
  const codes = column(line.q, 'a quality', 0, mostQuality)
  const offsets = column(line.z, 'an offset', -mostOffset, mostOffset - 1)
  const m = line.m === undefined ? null : readColumn(line.m, n)
  const q = codes && Uint32Array.from(codes)
  const z = offsets && Int16Array.from(offsets)
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

export function eventOf(text: string, place: number, time: TimeCheck): Measured {
  const { metric, start, end, value, quality, offset, external_id } = objectOf<EventLine>(text)
  const span = spanOf(start, end ?? start, time)
  return {
    kind: 'event',
    metric: textOf(metric, 'metric'),
    start: span.start,
    ...(end === null || end === undefined ? {} : { end: span.end }),
    value: partsOfValue(value),
    ...saidQuality(quality),
    ...saidOffset(offset),
    externalId: typeof external_id === 'string' ? external_id : '',
    place,
  }
}

export const positionsOf = (text: string, time: TimeCheck): Measured => ({
  kind: 'positions',
  track: trackOf(objectOf<WayLine>(text), time),
})

export function sessionOf(text: string, time: TimeCheck): { session: SessionReading; restored: RestoredSession } {
  const line = objectOf<SessionLine>(text)
  const type = sessionTypes.find((name) => name === line.type)
  if (!type) throw new RangeError('the type of a session is unknown')
  const { activity, title, offset, track } = line
  const span = spanOf(line.start, line.end, time)
  const streams = Object.entries(recordOf(line.streams ?? {}, 'streams'))
  const session: SessionReading = {
    kind: 'session',
    type,
    ...(type === 'sleep' && typeof line.is_nap === 'boolean' ? { isNap: line.is_nap } : {}),
    ...saidActivity(activity),
    ...(typeof title === 'string' ? { title } : {}),
    ...span,
    ...saidOffset(offset),
    externalId: textOf(line.external_id, 'external_id'),
    totals: numbersOf(line.totals, 'totals'),
    parts: listOf(line.parts, 'parts').map((part) => partOf(part, time)),
    ...(track ? { track: trackOf(recordOf(track, 'track') as Unknown<WayLine>, time) } : {}),
    ...(streams.length
      ? { streams: Object.fromEntries(streams.map(([name, stream]) => [name, streamOf(stream, time)])) }
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
    file: fileId(file),
  }
}

/** Under which id the archive has the file of a path. */
function fileId(file: unknown): string | null {
  const path = textOrNull(file, 'file')
  if (path === null) return null
  const id = /^files\/([^/]+)\/$/.exec(path)?.[1]
  if (id === undefined) throw new RangeError('file is no place in the archive')
  return id
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
  const { activity = null } = saidActivity(line.activity)
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

function sourceAt(number: unknown, sources: readonly PieceSource[]): PieceSource {
  const source = typeof number === 'number' ? sources[number] : undefined
  if (!source) throw new RangeError('a line names a source that the archive does not have')
  return source
}

function partOf(given: unknown, time: TimeCheck): SessionPart {
  const part = recordOf(given, 'a part') as Unknown<SessionLine['parts'][number]>
  const kind = sessionPartKinds.find((name) => name === part.kind)
  if (!kind) throw new RangeError('the kind of a part is unknown')
  return {
    kind,
    ...spanOf(part.start, part.end, time),
    ...(typeof part.label === 'string' ? { label: part.label } : {}),
    ...(typeof part.intensity === 'string' ? { intensity: part.intensity } : {}),
    totals: numbersOf(part.totals ?? {}, 'totals'),
  }
}

function trackOf(way: Unknown<WayLine>, time: TimeCheck): Track {
  const n = countOf(way.n)
  const lat = readColumn(way.lat, n)
  const lon = readColumn(way.lon, n)
  for (let i = 0; i < n; i++) {
    const [north, east] = [lat[i] as number, lon[i] as number]
    const isGap = Number.isNaN(north) && Number.isNaN(east)
    if (!isGap && !(Math.abs(north) <= 90 && Math.abs(east) <= 180)) throw new RangeError('a place is not on Earth')
  }
  return { t: timesOf(way.t, n, time), lat, lon, ele: readColumn(way.ele, n) }
}

function streamOf(given: unknown, time: TimeCheck) {
  const stream = recordOf(given, 'a stream')
  return valuesOverTime(stream, countOf(stream['n']), time)
}

const mostQuality = qualityCode(1) ?? 0

function partsOfValue(given: unknown): EventLine['value'] {
  const value = recordOf(given, 'value')
  for (const part of Object.values(value))
    if (part !== null && typeof part !== 'string') numberOf(part, 'a part of the value')
  return value as EventLine['value']
}
