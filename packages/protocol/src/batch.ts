/**
 * What every door hands to `ingest`: files, phones, providers and devices all end up as batches of these readings.
 * Pure values, no behaviour: a format or a provider makes them, only the server's ingest stores them.
 */
import type { ActivityType } from './activities.ts'
import type { SleepStage } from './stages.ts'

/** How a value came to be. Stored as its index; `unknown` is the default and costs nothing. */
export const recordingMethods = ['unknown', 'automatic', 'active', 'manual'] as const
export type RecordingMethod = (typeof recordingMethods)[number]

/** Where a reading stood in what was sent (a value's index, a line of a file), so that a loss can be pointed at. */
interface Placed {
  place?: number
}

/** One value at one time. `unit` may be any unit the catalogue can convert; absent means the catalogue's own. */
export interface SampleReading extends Placed {
  kind: 'sample'
  metric: string
  /** Start, milliseconds since 1970 UTC. */
  t: number
  /** Length in milliseconds; absent or 0 for an instant. */
  duration?: number
  value: number
  unit?: string
  /** 0–1, or a word of `qualityWords`. */
  quality?: number | string
  /** Minutes east of UTC where and when it was measured. */
  offset?: number
  method?: RecordingMethod
  /**
   * The source's own id of this value, where it changes or deletes values by id (phone stores, glucose meters): told again under the
   * same id the value moves there, and a deletion that names only the id removes exactly this value.
   */
  recordId?: string
  /** Of the record: an older one than is known is passed over. Absent: what is told last counts. */
  version?: number
}

/** Many values of one metric, in columns: how a file of a million records stays small. */
export interface SeriesReading {
  kind: 'series'
  metric: string
  /** Starts, milliseconds since 1970 UTC, in any order; may repeat (the last wins). */
  t: Float64Array
  v: Float64Array
  /** Lengths in milliseconds; 0 for an instant. */
  durations?: Float64Array
  /** Codes of `qualityCode`; 0 where nothing was said. */
  qualities?: Uint32Array
  /** Minutes east of UTC of each; −32,768 where the source does not say. */
  offsets?: Int16Array
  /** Minutes east of UTC, the same for all that `offsets` says nothing about. */
  offset?: number
  /** Of all values; absent means the catalogue's own. */
  unit?: string
  method?: RecordingMethod
  /** Where each value stood in what was sent; its own place in the column when absent. */
  places?: Uint32Array
}

/** A value that a source states for a local date (kind D). */
export interface DayReading extends Placed {
  kind: 'day'
  metric: string
  /** YYYY-MM-DD, never shifted by a zone. */
  date: string
  value: number
  unit?: string
  quality?: number | string
}

/** Something that happened at a time (kind E): a blood pressure, a dose, a symptom. */
export interface EventReading extends Placed {
  kind: 'event'
  metric: string
  start: number
  end?: number
  /** The parts of the value, e.g. `{systolic, diastolic}` or `{value}`. */
  value: Record<string, number | string | null>
  unit?: string
  quality?: number | string
  externalId?: string
  offset?: number
}

/** Positions that belong to no session: what a tracker or phone sends as it goes. */
export interface PositionsReading {
  kind: 'positions'
  track: Track
  /** Where each point stood in what was sent; its own place in the column when absent. */
  places?: Uint32Array
}

/** One stage of a night, sent by itself: nights are put together from them. */
export interface StageReading extends Placed {
  kind: 'stage'
  stage: SleepStage
  start: number
  end: number
  quality?: number | string
  offset?: number
}

/** The shape of a way, in columns of equal length; NaN where a point lacks the part. */
export interface Track {
  t: Float64Array
  lat: Float64Array
  lon: Float64Array
  ele?: Float64Array
}

export const sessionTypes = ['workout', 'sleep', 'meditation', 'ecg'] as const
export type SessionType = (typeof sessionTypes)[number]

export const sessionPartKinds = ['lap', 'length', 'stage', 'pause', 'segment', 'set', 'marker'] as const
export type SessionPartKind = (typeof sessionPartKinds)[number]

/** A lap, swim length, set, sleep stage, pause or marker inside a session. */
export interface SessionPart {
  kind: SessionPartKind
  start: number
  end: number
  /** A stage's name (`deep`), a lap's trigger (`manual`), the stroke of a swim length … */
  label?: string
  /** What a lap was meant to be: `active`, `rest`, `warmup`, `cooldown`, `recovery`, `interval`; a length is `active` or `idle`. */
  intensity?: string
  totals?: Totals
}

/** Figures of a session or lap, named and measured as canonical-metrics §7 says: `distance` in m, `heart_rate_avg` in bpm … */
export type Totals = Record<string, number>

/** Values over time inside one session, in columns of equal length. */
export interface Stream {
  t: Float64Array
  v: Float64Array
}

export interface SessionReading {
  kind: 'session'
  type: SessionType
  /** A sleep that is no night: the source says so, or it is short and by day. */
  isNap?: boolean
  activity?: ActivityType
  title?: string
  start: number
  end: number
  /** Minutes east of UTC; absent when the source does not say. */
  offset?: number
  /** Where the offset came from, when the source did not state it. */
  offsetFrom?: 'position' | 'person'
  externalId: string
  totals: Totals
  parts: SessionPart[]
  track?: Track
  /** What only means something inside the session (`distance` so far, a pod's own figure); metrics of the catalogue travel as series. */
  streams?: Record<string, Stream>
  /** Names of the totals that we worked out because the file lacked them. */
  derived?: string[]
  /** All that has no column of its own: raw sport numbers, application, creator. */
  extra?: Record<string, unknown>
}

/** What `ingest` stores; sessions are stored whole, with the file they came from. */
export type Measured = SampleReading | SeriesReading | DayReading | EventReading | PositionsReading | StageReading

export type Reading = Measured | SessionReading

/** Who measured, as far as the data says. A file that names maker and serial joins or makes that device. */
export interface SourceClaim {
  manufacturer?: string
  model?: string
  serial?: string
  firmware?: string
  /** The application that wrote it, e.g. a GPX creator. */
  app?: string
}

/** A loss with its place and its reason, in words a person can read. */
export interface Rejection {
  index: number
  code: string
  detail: string
}
