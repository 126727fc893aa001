import type { SessionReading, Stream } from '@tributary/protocol'
import { dayMs, earliest } from '../limits.ts'
import type { ParsedFile } from '../parsed-file.ts'
import { pieceValues } from '../piece.ts'
import { beyondInSession, beyondInValues } from './in-range.ts'
import { type Read, readingNow } from './read.ts'

/** A few bits may be a value, in a column that a few bytes define. */
const mostFrom = (bytes: number) => 1000 + bytes * 100

/** Everything that a parsed file must hold to, whatever the bytes were; each fault in words. */
export function faultsOf(parsed: ParsedFile, bytes: number, now: number): string[] {
  const faults: string[] = []
  const say = (fault: string) => faults.push(fault)
  const timely = (t: number) => t >= earliest && t <= now + dayMs
  const checkStream = (name: string, { t, v }: Stream) => {
    if (t.length !== v.length) say(`${name}: ${t.length} times for ${v.length} values`)
    if (!t.every(timely)) say(`${name}: a time outside 2000 to tomorrow`)
    if (!v.every(Number.isFinite)) say(`${name}: a value that is not finite`)
  }
  let values = 0
  for (const reading of parsed.readings) {
    checkStream(reading.metric, reading)
    values += reading.t.length
    if (reading.t.some((t, i) => i > 0 && t < (reading.t[i - 1] as number))) say(`${reading.metric}: not sorted`)
  }
  if (values > mostFrom(bytes)) say(`${values} values from ${bytes} bytes`)
  if (parsed.records > mostFrom(bytes)) say(`${parsed.records} records from ${bytes} bytes`)
  if (!parsed.sessions.length) say('a parsed file without a session')
  faults.push(...beyondInValues(parsed.readings))
  for (const session of parsed.sessions) {
    faults.push(...beyondInSession(session))
    if (!timely(session.start) || !timely(session.end) || session.end < session.start) say('a session outside its time')
    for (const [name, stream] of Object.entries(session.streams ?? {})) checkStream(name, stream)
    checkTrack(session, timely, say)
    checkFigures(session, say)
  }
  if (parsed.rejected.length > 100) say('more than a hundred rejections listed')
  return faults
}

/** The same for what a reader hands over piece by piece, from so many bytes. */
export function pieceFaultsOf({ pieces, ending }: Read, now = readingNow, bytes = Number.POSITIVE_INFINITY): string[] {
  const faults: string[] = []
  const say = (fault: string) => faults.push(fault)
  const timely = (t: number) => t >= earliest && t <= now + dayMs
  let values = 0
  for (const { source, readings, sessions, unusable } of pieces) {
    if (!source.key || !source.name) say('a source without a name')
    const series = readings.filter((reading) => reading.kind === 'series')
    if (series.length && series.length < readings.length + sessions.length) say('a piece of series and rows')
    let size = 0
    for (const { metric, t, v, durations = t, offsets = t, places = t } of series) {
      if (!t.length || [v, durations, offsets, places].some((column) => column.length !== t.length))
        say(`${metric}: columns differ in length, or are empty`)
      if (!t.every(timely)) say(`${metric}: a time outside 2000 to tomorrow`)
      if (!v.every(Number.isFinite)) say(`${metric}: a value that is not finite`)
      if (durations !== t && !durations.every((one) => one >= 0)) say(`${metric}: a length below zero`)
      if (t.some((one, i) => i > 0 && one < (t[i - 1] as number))) say(`${metric}: not sorted`)
      size += t.length
    }
    if (size > pieceValues) say(`a piece of ${size} values`)
    values += size
    faults.push(...beyondInValues(readings))
    for (const session of sessions) {
      faults.push(...beyondInSession(session, ending.format === 'tributary'))
      if (!timely(session.start) || !timely(session.end) || session.end < session.start)
        say('a session outside its time')
      if (!session.externalId) say('a session without a name')
      checkTrack(session, timely, say)
      checkFigures(session, say)
    }
    for (const one of readings) {
      if (one.kind === 'day' && !(/^\d{4}-\d\d-\d\d$/.test(one.date) && Number.isFinite(one.value)))
        say(`${one.metric} of ${one.date}`)
      if (one.kind === 'event' && !(timely(one.start) && (one.end ?? one.start) >= one.start))
        say(`${one.metric} outside its time`)
      if (
        one.kind === 'event' &&
        Object.values(one.value).some((part) => typeof part === 'number' && !Number.isFinite(part))
      )
        say(`${one.metric}: a part that is not finite`)
    }
    if (unusable.some(({ raw }) => raw.length > 8000)) say('a raw record of more than 8000 characters')
  }
  if (values > mostFrom(bytes)) say(`${values} values from ${bytes} bytes`)
  if (ending.rejected.length > 100) say('more than a hundred rejections listed')
  const counted = Object.values(ending.rejectedByCode).reduce((sum, count) => sum + count, 0)
  const kept = pieces.reduce((sum, { unusable }) => sum + unusable.length, 0)
  if (kept > counted) say(`${kept} records kept, ${counted} counted`)
  return faults
}

function checkTrack({ track }: SessionReading, timely: (t: number) => boolean, say: (fault: string) => void): void {
  if (!track) return
  const { t, lat, lon, ele } = track
  if (t.length !== lat.length || t.length !== lon.length || (ele && ele.length !== t.length))
    say('track columns differ in length')
  if (!t.every((one) => Number.isNaN(one) || timely(one))) say('track: a time outside 2000 to tomorrow')
  const isOn = (most: number) => (one: number) => Number.isNaN(one) || Math.abs(one) <= most // NaN: a point lacks it
  if (!lat.every(isOn(90)) || !lon.every(isOn(180))) say('track: a place that is not on Earth')
  if (ele?.some((one) => !Number.isFinite(one) && !Number.isNaN(one))) say('track: an infinite elevation')
}

function checkFigures(session: SessionReading, say: (fault: string) => void): void {
  for (const totals of [session.totals, ...session.parts.map((part) => part.totals ?? {})]) {
    for (const [name, value] of Object.entries(totals)) if (!Number.isFinite(value)) say(`${name} is ${value}`)
  }
  for (const part of session.parts) {
    if (!Number.isFinite(part.start) || !Number.isFinite(part.end) || part.end < part.start)
      say(`a ${part.kind} that ends before it starts`)
  }
}
