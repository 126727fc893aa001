/** Stored values of every kind as entries of one order: by time, then by type, then by whatever tells two of a kind apart. */
import {
  type CompoundName,
  catalogue,
  isCompound,
  isMetric,
  qualityAsSent,
  recordingMethods,
} from '@tributary/protocol'
import { readCursor, writeCursor } from '../platform/http/cursor.ts'
import { instantOf } from '../platform/instant.ts'
import { noOffset, type Points } from '../platform/samples/points.ts'

/** A point as the wire spells it. */
export interface WirePoint {
  timestamp: string
  [part: string]: unknown
}

export interface Entry {
  /** Milliseconds. */
  t: number
  /** The metric or compound. */
  type: string
  /** Tells entries of the same time and type apart; empty where there can be only one. */
  tie: string
  point: WirePoint
}

/** Where a page ended: the next begins behind it. */
export interface Place {
  t: number
  type: string
  tie: string
}

export const cursorOf = ({ t, type, tie }: Place): string => writeCursor([String(t), type, tie])

export function placeOf(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null
  const isTime = (part: string) => /^-?\d{1,16}$/.test(part)
  const [t = '', type = '', tie = ''] = readCursor(
    cursor,
    isTime,
    (part) => part.length <= 60,
    (part) => part.length <= 300,
  )
  return { t: Number(t), type, tie }
}

export function comparePlaces(a: Place, b: Place): number {
  return a.t - b.t || compareText(a.type, b.type) || compareText(a.tie, b.tie)
}

/** By code unit, as the database compares under "C". */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The unit a type is answered in; a compound has one only where all its parts share it. */
export function unitOf(type: string): string {
  if (isCompound(type)) return compoundUnits[type] // `sleep` is a metric too, but these are its stages
  return isMetric(type) ? catalogue[type].unit : ''
}

const compoundUnits: Record<CompoundName, string> = {
  blood_pressure: catalogue.bp_systolic.unit,
  gps: 'deg',
  sleep: 'stage',
}

/** One sample. Absent parts were not said. */
export function samplePoint(points: Points, i: number): WirePoint {
  const t = points.t[i] as number
  const point: WirePoint = { timestamp: instantOf(t), value: points.v[i] as number }
  const duration = points.d?.[i]
  if (duration) point['end'] = instantOf(t + duration)
  if (points.q) addQuality(point, points.q[i] ?? 0)
  const offset = points.z?.[i] ?? noOffset
  if (offset !== noOffset) point['utc_offset_minutes'] = offset
  const method = points.m?.[i]
  if (method) point['method'] = recordingMethods[method]
  const unit = points.u?.[i]
  if (unit) point['original_unit'] = unit
  return point
}

export function addQuality(point: WirePoint, code: number): void {
  const quality = qualityAsSent(code)
  if (quality !== undefined) point['quality'] = quality
}

/** The parts of an event's value that were said. */
export const partsOf = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null))
