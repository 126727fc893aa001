/** What was told, by what has to be done with it. Pure: the last word on each id counts, and what it replaces is counted too. */
import {
  type Measured,
  primaryKind,
  type Rejection,
  type SampleReading,
  type SessionReading,
  timeFaultOf,
} from '@tributary/protocol'
import type { Told, ToldCalendar, ToldFile, ToldPlan, ToldThing } from '@tributary/providers/kit'
import type { RefusedTold } from '../platform/quarantine/refused-values.ts'
import { metricOf } from './names.ts'

export interface Placed<T> {
  /** Where it stood in what was told. */
  place: number
  reading: T
}

export interface SortedTold {
  /** Values over time, as the sample store keeps them. */
  points: Placed<Measured>[]
  /** What becomes rows: values of days, events, positions, stages. */
  rows: Placed<Measured>[]
  sessions: Placed<SessionReading>[]
  files: Placed<ToldFile>[]
  plans: Placed<ToldPlan>[]
  /** Calendars that were read whole. */
  calendars: ToldCalendar[]
  /** The last word about the thing itself. */
  thing?: ToldThing
  /** Ids that are gone. */
  forgotten: string[]
  rejected: Rejection[]
  /** Of those, what waits in quarantine. */
  refused: RefusedTold[]
  /** Said again, or taken back, by something later in the same telling. */
  overtaken: number
}

export type NamedSample = SampleReading & { recordId: string }
export const isNamed = (reading: Measured): reading is NamedSample =>
  reading.kind === 'sample' && reading.recordId !== undefined

export function sortTold(told: readonly Told[], now: number): SortedTold {
  const sorted: SortedTold = {
    points: [],
    rows: [],
    sessions: [],
    files: [],
    plans: [],
    calendars: [],
    forgotten: [],
    rejected: [],
    refused: [],
    overtaken: 0,
  }
  const lastWords = lastWordsOf(told)
  for (const [place, one] of told.entries()) {
    const last = lastWords.get(idOf(one) ?? '')
    if (last !== undefined && isOvertaken(one, told[last] as Told, last > place)) sorted.overtaken += valuesOf(one)
    else putInPlace(sorted, one, place, now)
  }
  return sorted
}

/** Of each id the last that told or took it back; of a value's own id the newest version of it. */
function lastWordsOf(told: readonly Told[]): Map<string, number> {
  const words = new Map<string, number>()
  for (const [place, one] of told.entries()) {
    const id = idOf(one)
    if (id === undefined) continue
    const known = words.get(id)
    const before = known === undefined ? undefined : told[known]
    if (before && isOlder(one, before)) continue
    words.set(id, place)
  }
  return words
}

const isOlder = (one: Told, than: Told): boolean =>
  one.kind === 'sample' && than.kind === 'sample' && (one.version ?? 0) < (than.version ?? 0)

function idOf(one: Told): string | undefined {
  if (one.kind === 'sample') return one.recordId
  return 'externalId' in one && one.kind !== 'file' ? one.externalId : undefined
}

/** A deletion ends what stood before it, and is ended by what is told after it; of values with ids one is left. */
function isOvertaken(one: Told, last: Told, isLater: boolean): boolean {
  if (one === last) return false
  if (one.kind === 'sample') return true
  return isLater && (one.kind === 'forget' || last.kind === 'forget')
}

export function valuesOf(one: Told): number {
  if (one.kind === 'series') return one.t.length
  if (one.kind === 'positions') return one.track.t.length
  return one.kind === 'file' || one.kind === 'thing' || one.kind === 'calendar' ? 0 : 1
}

function putInPlace(sorted: SortedTold, one: Told, place: number, now: number): void {
  switch (one.kind) {
    case 'forget':
      sorted.forgotten.push(one.externalId)
      break
    case 'file':
      sorted.files.push({ place, reading: one })
      break
    case 'plan':
      sorted.plans.push({ place, reading: one })
      break
    case 'calendar':
      sorted.calendars.push(one)
      break
    case 'thing':
      sorted.thing = one
      break
    case 'session': {
      const fault = timeFaultOf(one.start, now) ?? timeFaultOf(one.end, now)
      if (fault) refuseTold(sorted, place, fault, one)
      else sorted.sessions.push({ place, reading: one })
      break
    }
    default:
      ;(isOfPoints(one) ? sorted.points : sorted.rows).push({ place, reading: roundTime(one) })
  }
}

export function refuseTold(
  sorted: SortedTold,
  index: number,
  { code, detail }: Omit<Rejection, 'index'>,
  told: RefusedTold['told'],
): void {
  sorted.rejected.push({ index, code, detail })
  sorted.refused.push({ index, code, detail, told })
}

const roundTime = (reading: Measured): Measured =>
  reading.kind === 'sample' && !Number.isInteger(reading.t) ? { ...reading, t: Math.round(reading.t) } : reading

/** A metric that nobody knows goes along with points, to be refused with its reason. */
function isOfPoints(reading: Measured): boolean {
  if (reading.kind !== 'sample' && reading.kind !== 'series') return false
  const metric = metricOf(reading.metric)
  const kind = metric && primaryKind(metric)
  return kind === undefined || kind === 'S' || kind === 'I'
}
