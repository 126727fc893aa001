/** Small makers of readings that nearly every provider needs. What a record lacks (absent, null) is simply not told. */
import {
  type DayReading,
  type QualityWord,
  qualityCode,
  type SampleReading,
  type SeriesReading,
  type Totals,
} from '@tributary/protocol'

export type Given = number | null | undefined

export const isGiven = (value: Given): value is number => typeof value === 'number'

/** The members that are there. */
export function given<T extends object>(members: { [K in keyof T]: T[K] | null | undefined }): Partial<T> {
  const made: Partial<T> = {}
  for (const name of Object.keys(members) as (keyof T)[]) {
    const value = members[name]
    if (value !== undefined && value !== null) made[name] = value
  }
  return made
}

/** Figures of a session; those that are not there are left out. */
export function totalsOf(figures: Readonly<Record<string, Given>>): Totals {
  const totals: Totals = {}
  for (const name in figures) {
    const figure = figures[name]
    if (isGiven(figure)) totals[name] = figure
  }
  return totals
}

type DayValue = readonly [metric: string, value: Given, unit?: string]

/** What a record states for a date. */
export function* daysOf(date: string, values: readonly DayValue[]): Generator<DayReading> {
  for (const [metric, value, unit] of values)
    if (isGiven(value)) yield { kind: 'day', metric, date, value, ...(unit === undefined ? {} : { unit }) }
}

/** What a record states for one moment, or for the time that `at.duration` says. */
export function* samplesOf(
  at: Pick<SampleReading, 't' | 'duration' | 'offset' | 'method' | 'quality'>,
  values: readonly DayValue[],
): Generator<SampleReading> {
  for (const [metric, value, unit] of values)
    if (isGiven(value)) yield { kind: 'sample', metric, ...at, value, ...(unit === undefined ? {} : { unit }) }
}

/** A column of values by their times, in the order given; nothing when there are none. */
export function* seriesOf(
  metric: string,
  points: readonly (readonly [t: number, value: number])[],
  { quality, ...more }: Pick<SeriesReading, 'offset' | 'unit' | 'method'> & { quality?: number | QualityWord } = {},
): Generator<SeriesReading> {
  if (!points.length) return
  const t = new Float64Array(points.length)
  const v = new Float64Array(points.length)
  for (const [i, [at, value]] of points.entries()) {
    t[i] = at
    v[i] = value
  }
  const qualities = quality === undefined ? undefined : new Uint32Array(points.length).fill(qualityCode(quality) ?? 0)
  yield { kind: 'series', metric, t, v, ...(qualities ? { qualities } : {}), ...more }
}

/** Minutes east of UTC that an ISO 8601 text states; undefined when it states none. */
export function offsetOf(iso: string): number | undefined {
  if (iso.endsWith('Z')) return 0
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(iso) ?? []
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
}

/** YYYY-MM-DD on a wall clock so many minutes east of UTC. */
export const dateOf = (t: number, offsetMinutes: number): string =>
  new Date(t + offsetMinutes * 60_000).toISOString().slice(0, 10)
