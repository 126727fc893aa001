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
import { readColumn, readSteps } from './columns.ts'
import type { DayLine, EventLine, SampleLine, SessionLine, WayLine } from './layout.ts'

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

export function sessionOf(text: string): SessionReading {
  const line = objectOf<SessionLine>(text)
  const type = sessionTypes.find((name) => name === line.type)
  if (!type) throw new RangeError('the type of a session is unknown')
  const { activity, title, offset, track } = line
  const streams = Object.entries(recordOf(line.streams ?? {}, 'streams'))
  return {
    kind: 'session',
    type,
    ...(line.is_nap === true ? { isNap: true } : {}),
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
