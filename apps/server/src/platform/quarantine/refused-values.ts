/** Values that ingest refused, as they wait in quarantine: each as a reading of its own. */
import { type Measured, qualityAsSent, type Rejection, type SessionReading } from '@tributary/protocol'
import type { ToldFile, ToldPlan } from '@tributary/providers/kit'
import { uuidv7 } from 'uuidv7'
import { cleanText } from '../readings/clean-text.ts'
import type { NewRecord } from './quarantine.queries.ts'

export interface Refused extends Rejection {
  reading: Measured
}

export function refusedOf(
  readings: readonly Measured[],
  judged: readonly { rejected: readonly Rejection[] }[],
): Refused[] {
  return judged.flatMap(({ rejected }, at) => {
    const reading = readings[at]
    if (!reading || !rejected.length) return []
    const valueAt = valueFinder(reading)
    return rejected.map((loss) => ({ ...loss, reading: valueAt(loss.index) }))
  })
}

/** Every value of some readings, for one reason. */
export function* refusedAll(readings: readonly Measured[], reason: Omit<Rejection, 'index'>): Generator<Refused> {
  for (const reading of readings) {
    const valueAt = valueFinder(reading)
    for (const index of placesOf(reading)) yield { index, ...reason, reading: valueAt(index) }
  }
}

export const countValues = (readings: readonly Measured[]): number =>
  readings.reduce((sum, reading) => sum + placesOf(reading).length, 0)

/** Of each value, where its file has it. */
function placesOf(reading: Measured): ArrayLike<number> & Iterable<number> {
  if (reading.kind === 'positions') return reading.places ?? Array.from(reading.track.t.keys())
  if (reading.kind === 'series') return reading.places ?? Array.from(reading.t.keys())
  return [reading.place ?? 0]
}

/** A column's value by its place, as a reading of one. */
function valueFinder(reading: Measured): (place: number) => Measured {
  if (reading.kind === 'positions') {
    const { track, places } = reading
    const at = indexOf(places)
    return (place) => ({
      kind: 'positions',
      track: Object.fromEntries(
        Object.entries(track).map(([name, column]) => [name, Float64Array.of(column[at(place)] ?? Number.NaN)]),
      ) as never,
    })
  }
  if (reading.kind !== 'series') return () => reading
  const { t, v, durations, qualities, offsets, places, metric, offset, unit, method } = reading
  const at = indexOf(places)
  return (place) => {
    const i = at(place)
    const own = offsets?.[i] ?? notSaid
    const said = own === notSaid ? offset : own
    const quality = qualityAsSent(qualities?.[i] ?? 0)
    return {
      kind: 'sample',
      metric,
      t: t[i] as number,
      value: v[i] as number,
      place,
      ...(durations?.[i] ? { duration: durations[i] } : {}),
      ...(quality === undefined ? {} : { quality }),
      ...(said === undefined ? {} : { offset: said }),
      ...(unit === undefined ? {} : { unit }),
      ...(method === undefined ? {} : { method }),
    }
  }
}

const notSaid = -32_768

function indexOf(places: Uint32Array | undefined): (place: number) => number {
  if (!places) return (place) => place
  const indices = new Map(Array.from(places, (place, i) => [place, i]))
  return (place) => indices.get(place) ?? -1
}

/** `source`: what it came from, when there is no source of ours for it. */
export function recordOfReading(
  { index, code, detail, reading }: Refused,
  source: { sourceId: string } | object,
): NewRecord {
  const ours = 'sourceId' in source ? (source.sourceId as string) : null
  return cleanText({
    record_id: uuidv7(),
    kind: 'reading',
    source_id: ours,
    source: ours === null ? source : null,
    place: index,
    code,
    detail,
    raw: JSON.stringify(plainColumns(reading)),
  })
}

/** Columns of numbers as plain lists, as JSON knows no others. */
function plainColumns(reading: Measured): unknown {
  if (reading.kind !== 'positions') return reading
  const track = Object.fromEntries(Object.entries(reading.track).map(([name, column]) => [name, [...column]]))
  return { kind: 'positions', track }
}

const longestSession = 64_000

export const recordOfSession = (
  { session, ...reason }: Rejection & { session: SessionReading },
  sourceId: string,
): NewRecord => recordOfTold({ ...reason, told: session }, sourceId)

/** What a connection told that is no value: a session, the file of one, a plan. */
export interface RefusedTold extends Rejection {
  told: SessionReading | FileOfSession | ToldPlan
}

/** Its bytes are kept with the provider's answer. */
export type FileOfSession = Pick<ToldFile, 'kind' | 'externalId' | 'format'>

export const recordOfTold = ({ index, code, detail, told }: RefusedTold, sourceId: string): NewRecord =>
  cleanText({
    record_id: uuidv7(),
    kind: 'reading',
    source_id: sourceId,
    source: null,
    place: index,
    code,
    detail,
    raw: told.kind === 'session' ? textOfSession(told) : JSON.stringify(told),
  })

/** As its source said it, without its way and its streams; laps go where there are too many to be kept here. */
function textOfSession({ track, streams, ...said }: SessionReading): string {
  const whole = JSON.stringify(said)
  return whole.length > longestSession ? JSON.stringify({ ...said, parts: [] }) : whole
}
