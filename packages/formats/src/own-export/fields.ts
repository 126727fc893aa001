/** The fields of a line. Whatever is not as we write it throws a RangeError that says what. */
import { type ActivityType, isActivity, qualityAsSent } from '@tributary/protocol'
import type { TimeCheck } from '../times.ts'
import { readColumn, readSteps } from './columns.ts'

/** Most values of a line, and of a track or a stream. */
const mostValues = 1_000_000

export type Unknown<T> = { [K in keyof T]?: unknown }

/** One that a newer Tributary knows waits in quarantine until this one does. */
export function saidActivity(given: unknown): { activity?: ActivityType } {
  const activity = textOrNull(given, 'activity')
  if (activity === null) return {}
  if (!isActivity(activity)) throw new RangeError('its activity is unknown')
  return { activity }
}

export const mostText = 20_000

export function idOf(value: unknown): string {
  const id = textOf(value, 'id')
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new RangeError('id is none of ours')
  return id
}

export function textOrNull(value: unknown, name: string, longest = 500): string | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'string' || value.length > longest) throw new RangeError(`${name} is no text`)
  return value
}

export const numberOrNull = (value: unknown, name: string): number | null =>
  value === null || value === undefined ? null : numberOf(value, name)

/** What a date of JavaScript can be. */
export function timeOrNull(value: unknown, name: string): number | null {
  const time = numberOrNull(value, name)
  if (time !== null && Math.abs(time) > 8.64e15) throw new RangeError(`${name} is no time`)
  return time
}

export function valuesOverTime({ t, v }: { t?: unknown; v?: unknown }, n: number, time: TimeCheck) {
  return { t: timesOf(t, n, time), v: columnWithin(readColumn(v, n), 'a value', -Number.MAX_VALUE, Number.MAX_VALUE) }
}

export function timesOf(given: unknown, n: number, time: TimeCheck): Float64Array {
  const t = readSteps(given, n)
  for (const ms of t) assertTime(ms, time)
  return t
}

export function spanOf(from: unknown, to: unknown, time: TimeCheck): { start: number; end: number } {
  const span = { start: numberOf(from, 'start'), end: numberOf(to, 'end') }
  assertTime(span.start, time)
  assertTime(span.end, time)
  if (span.end < span.start) throw new RangeError('it ends before it begins')
  return span
}

function assertTime(ms: number, time: TimeCheck): void {
  const fault = time(ms)
  if (fault) throw new RangeError(fault.detail)
}

export function columnWithin(column: Float64Array, name: string, least: number, most: number): Float64Array {
  for (const value of column) if (!(value >= least && value <= most)) throw new RangeError(`${name} cannot be ${value}`)
  return column
}

/** As wide as what an offset is stored in; −32,768 stands for none. */
export const mostOffset = 32_768

export function saidOffset(minutes: unknown): { offset?: number } {
  if (typeof minutes !== 'number') return {}
  if (!Number.isInteger(minutes) || Math.abs(minutes) >= mostOffset) throw new RangeError('offset is none in minutes')
  return { offset: minutes }
}

export function objectOf<T>(text: string): Unknown<T> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new RangeError('a line is not JSON', { cause })
  }
  return recordOf(value, 'a line') as Unknown<T>
}

export function recordOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError(`${name} is no object`)
  return value as Record<string, unknown>
}

export function listOf(value: unknown, name: string): unknown[] {
  if (!Array.isArray(value)) throw new RangeError(`${name} is no list`)
  return value
}

export function numbersOf(value: unknown, name: string): Record<string, number> {
  const record = recordOf(value, name)
  for (const figure of Object.values(record)) numberOf(figure, name)
  return record as Record<string, number>
}

export function numberOf(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`${name} is no number`)
  return value
}

export function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || !value || value.length > 500) throw new RangeError(`${name} is no text`)
  return value
}

export function countOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > mostValues)
    throw new RangeError('a line does not say how many values it has')
  return value
}

export function saidQuality(code: unknown): { quality?: number | string } {
  const said = typeof code === 'number' ? qualityAsSent(code) : undefined
  return said === undefined ? {} : { quality: said }
}
