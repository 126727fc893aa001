import type { SessionPart, SessionReading, Stream, Totals } from '@tributary/protocol'
import { isOnFoot } from '@tributary/protocol/activities'
import { firstAtOrAfter, pickRows, rowsWhere } from '../columns.ts'
import { deriveTotals, type Pause } from '../totals.ts'
import type { Message } from './definition.ts'
import { type Leg, offsetOf, sportOf } from './legs.ts'
import type { FitPart } from './part.ts'
import { fitTimeToMs } from './profile.ts'
import { type Records, toStream } from './records.ts'
import { sessionExtras, sessionFigures } from './session-figures.ts'
import { lapPart, lengthPart, pausesOf } from './session-parts.ts'
import { recordingId, sensorsOf } from './source.ts'

export function buildSessions(part: FitPart, legs: Leg[], records: Records): SessionReading[] {
  const pauses = pausesOf(part.timer)
  const offset = offsetOf(part)
  const sensors = sensorsOf(part)
  return legs.map((leg, index) => {
    const own = rowsOf(leg, records)
    const totals: Totals = leg.message ? sessionFigures(leg.message, leg.activity) : {}
    const ownPauses = pauses.filter((pause) => pause.start < leg.end && pause.end > leg.start)
    const climbThreshold = 1 // a watch has a barometer
    const derived = deriveTotals(totals, { ...leg, pauses: ownPauses }, streamsFor(own, leg), climbThreshold)
    const title = part.workout?.text(8) ?? leg.message?.text(110)
    return {
      kind: 'session',
      type: 'workout',
      activity: leg.activity,
      ...(title ? { title } : {}),
      start: leg.start,
      end: leg.end,
      ...(offset === undefined ? {} : { offset }),
      externalId: externalId(part, leg, legs.length > 1 ? index : undefined),
      totals,
      parts: partsOf(part, leg, ownPauses),
      ...trackOf(own),
      ...streamsOf(own),
      ...(derived.length ? { derived } : {}),
      extra: extraOf(part, leg, sensors),
    }
  })
}

function externalId(part: FitPart, leg: Leg, index: number | undefined): string {
  const recording = recordingId(part) ?? `fit:start:${new Date(leg.start).toISOString()}`
  return index === undefined ? recording : `${recording}:${index}`
}

function extraOf(part: FitPart, leg: Leg, sensors: Record<string, unknown>[]): Record<string, unknown> {
  const [sport, sub] = sportOf(part, leg.message)
  return {
    ...(sport === undefined ? {} : { fit_sport: sport }),
    ...(sub === undefined ? {} : { fit_sub_sport: sub }),
    ...(leg.message ? sessionExtras(leg.message) : {}),
    ...(sensors.length ? { sensors } : {}),
  }
}

/** The records of one leg: the same columns, cut. */
function rowsOf(leg: Leg, records: Records): Records {
  const first = firstAtOrAfter(records.t, leg.from)
  const end = firstAtOrAfter(records.t, leg.to)
  const cut = (values: Float64Array) => values.subarray(first, end)
  const columns = new Map([...records.columns].map(([name, values]) => [name, cut(values)]))
  return { t: cut(records.t), lat: cut(records.lat), lon: cut(records.lon), columns }
}

function streamsFor(own: Records, leg: Leg): (name: string) => Stream | undefined {
  return (name) => {
    const doubled = name === 'cadence_steps'
    if ((doubled || name === 'cadence') && isOnFoot(leg.activity) !== doubled) return undefined
    const column = own.columns.get(name === 'distance' ? '/distance' : doubled ? 'cadence' : name)
    return column && toStream(own.t, doubled ? column.map((value) => value * 2) : column)
  }
}

/** Rows with a position. `ele` only when some of them have one. */
function trackOf({ t, lat, lon, columns }: Records): Pick<SessionReading, 'track'> {
  const kept = rowsWhere(t.length, (row) => !Number.isNaN(lat[row]) && !Number.isNaN(lon[row]))
  if (!kept.length) return {}
  const pick = (values: Float64Array) => pickRows(values, kept)
  const elevation = columns.get('elevation')
  const ele = elevation && pick(elevation)
  return { track: { t: pick(t), lat: pick(lat), lon: pick(lon), ...(ele?.some(Number.isFinite) ? { ele } : {}) } }
}

function streamsOf({ t, columns }: Records): Pick<SessionReading, 'streams'> {
  const streams: Record<string, Stream> = {}
  for (const [name, values] of columns) {
    const stream = name.startsWith('/') ? toStream(t, values) : undefined
    if (stream?.t.length) streams[name.slice(1)] = stream
  }
  return Object.keys(streams).length ? { streams } : {}
}

function partsOf(part: FitPart, leg: Leg, pauses: Pause[]): SessionPart[] {
  const parts: SessionPart[] = []
  for (const lap of lapsOf(part, leg)) {
    const read = lapPart(lap, leg.activity)
    if (read) parts.push(read)
  }
  for (const length of part.lengths) {
    const read = isDuring(length, leg) ? lengthPart(length) : undefined
    if (read) parts.push(read)
  }
  for (const pause of pauses) parts.push({ kind: 'pause', ...pause })
  return parts
}

/** By the session's own numbers where it has them: a lap may begin a second before its session does. */
function lapsOf(part: FitPart, leg: Leg): Message[] {
  const first = leg.message?.number(25)
  const count = leg.message?.number(26)
  const several = part.sessions.length > 1
  if (several && first !== undefined && count !== undefined) return part.laps.slice(first, first + count)
  return several ? part.laps.filter((lap) => isDuring(lap, leg)) : part.laps
}

function isDuring(message: Message, leg: Leg): boolean {
  const start = message.number(2)
  return start !== undefined && fitTimeToMs(start) >= leg.from && fitTimeToMs(start) < leg.to
}
