/** What readings become on their way: columns of points and rows, each knowing its reading and its place in what was sent. */
import type { MetricId, Rejection, SleepStage, Track } from '@tributary/protocol'
import type { Points } from '../platform/samples/points.ts'

/** Points of one metric (kinds S and I) in the catalogue's unit. */
export interface Column {
  reading: number
  metric: MetricId
  points: Points
  /** Null when a value's place is its position. */
  places: Uint32Array | null
}

export interface Row {
  reading: number
  place: number
  /** Quality code. */
  quality: number
}

/** A value that a source states for a local date. */
export interface DayRow extends Row {
  metric: MetricId
  date: string
  value: number
  /** The unit it was sent in, where that is not the catalogue's. */
  unit: string | null
}

export type EventValue = Record<string, number | string | null>

export interface EventRow extends Row {
  /** A metric of kind E, or a compound such as `blood_pressure`. */
  metric: string
  start: number
  end: number | null
  value: EventValue
  unit: string | null
  offset: number | null
  externalId: string
}

export interface Way {
  reading: number
  track: Required<Track>
  places: Uint32Array | null
}

export interface StageRow extends Row {
  stage: SleepStage
  start: number
  end: number
  offset: number | null
}

export interface Sifted {
  columns: Column[]
  days: DayRow[]
  events: EventRow[]
  ways: Way[]
  stages: StageRow[]
  /** What was lost so far, by reading. */
  rejected: Rejection[][]
}

export const hasRows = ({ days, events, ways, stages }: Sifted): boolean =>
  days.length + events.length + ways.length + stages.length > 0
