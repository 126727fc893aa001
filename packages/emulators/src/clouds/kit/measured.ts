/** All that a person's things of one brand measured, in one view: columns by metric, values by date, sessions, events. */
import type { EventReading, SessionReading, SessionType } from '@tributary/protocol'
import { offsetAt } from '../../people/local-time.ts'
import type { Recording } from '../cloud.ts'

export interface Column {
  /** Ascending; of two values at one time the later recording's is here. */
  t: number[]
  v: number[]
  /** ms; 0 for an instant. */
  length: number[]
}

/** A session or event with what its ids are made from. */
export interface Held<T> {
  reading: T
  /** Stays the same when the recording is corrected, also when the start moves. */
  key: string
  device: Recording['device']
}

export interface DayValue {
  value: number
  device: Recording['device']
}

export interface Value {
  v: number
  length: number
  isManual: boolean
  /** Of a single value: what its ids are made from, the same when the recording moves it. */
  key?: string
}

export class Measured {
  readonly timeZone: string
  readonly #sessions: Held<SessionReading>[] = []
  readonly #events: Held<EventReading>[] = []
  readonly #days = new Map<string, Map<string, DayValue>>()
  readonly #values = new Map<string, Map<number, Value>>()
  readonly #columns = new Map<string, Column>()

  constructor(timeZone: string, recordings: Iterable<Recording>) {
    this.timeZone = timeZone
    for (const recording of recordings) this.#take(recording)
    this.#sessions.sort((a, b) => a.reading.start - b.reading.start)
    this.#events.sort((a, b) => a.reading.start - b.reading.start)
  }

  #take({ key, device, readings }: Recording): void {
    const seen: Record<string, number> = {}
    const keyOf = (kind: string) => {
      const n = seen[kind] ?? 0
      seen[kind] = n + 1
      return `${key}/${kind}/${n}`
    }
    for (const reading of readings) {
      if (reading.kind === 'session') this.#sessions.push({ reading, key: keyOf(reading.type), device })
      else if (reading.kind === 'event') this.#events.push({ reading, key: keyOf(reading.metric), device })
      else if (reading.kind === 'day') {
        const days = this.#days.get(reading.metric) ?? new Map()
        days.set(reading.date, { value: reading.value, device })
        this.#days.set(reading.metric, days)
      } else if (reading.kind === 'sample') {
        const { metric, t, value, duration = 0, method } = reading
        this.#put(metric, t, { v: value, length: duration, isManual: method === 'manual', key: keyOf(metric) })
      } else if (reading.kind === 'series') {
        const isManual = reading.method === 'manual'
        for (const [i, t] of reading.t.entries())
          this.#put(reading.metric, t, { v: reading.v[i] ?? 0, length: reading.durations?.[i] ?? 0, isManual })
      } else throw new Error(`no brand keeps ${reading.kind} by itself: tell it inside a session`)
    }
  }

  #put(metric: string, t: number, value: Value): void {
    const values = this.#values.get(metric) ?? new Map<number, Value>()
    values.set(t, value)
    this.#values.set(metric, values)
  }

  sessions(type: SessionType): Held<SessionReading>[] {
    return this.#sessions.filter(({ reading }) => reading.type === type)
  }

  events(metric: string): Held<EventReading>[] {
    return this.#events.filter(({ reading }) => reading.metric === metric)
  }

  /** What was stated for a date. */
  day(metric: string, date: string): number | undefined {
    return this.#days.get(metric)?.get(date)?.value
  }

  /** With the device that stated it. */
  daysOf(metric: string): ReadonlyMap<string, DayValue> {
    return this.#days.get(metric) ?? new Map()
  }

  column(metric: string): Column {
    const known = this.#columns.get(metric)
    if (known) return known
    const rows = [...(this.#values.get(metric) ?? [])].sort(([a], [b]) => a - b)
    const column = {
      t: rows.map(([t]) => t),
      v: rows.map(([, { v }]) => v),
      length: rows.map(([, { length }]) => length),
    }
    this.#columns.set(metric, column)
    return column
  }

  /** `from` ≤ t < `to`. */
  between(metric: string, from: number, to: number): Column {
    const { t, v, length } = this.column(metric)
    const first = lowest(t, from)
    const end = lowest(t, to)
    return { t: t.slice(first, end), v: v.slice(first, end), length: length.slice(first, end) }
  }

  /** At exactly that time. */
  valueAt(metric: string, t: number): Value | undefined {
    return this.#values.get(metric)?.get(t)
  }

  /** The value that was the last one then. */
  lastBefore(metric: string, time: number): { t: number; v: number } | undefined {
    const { t, v } = this.column(metric)
    const i = lowest(t, time + 1) - 1
    const [at, value] = [t[i], v[i]]
    return at === undefined || value === undefined ? undefined : { t: at, v: value }
  }

  /** Sum by local date of where the person lives; dates without a value are absent. */
  sumByDate(metric: string): Map<string, number> {
    const sums = new Map<string, number>()
    const { t, v } = this.column(metric)
    for (const [i, at] of t.entries()) {
      const date = this.dateOf(at)
      sums.set(date, (sums.get(date) ?? 0) + (v[i] ?? 0))
    }
    return sums
  }

  dateOf(t: number): string {
    return new Date(t + this.offsetAt(t) * 60_000).toISOString().slice(0, 10)
  }

  /** Minutes east of UTC at home. */
  offsetAt(t: number): number {
    return offsetAt(this.timeZone, t)
  }
}

/** Place of the first that is not below. */
function lowest(list: readonly number[], least: number): number {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((list[middle] ?? 0) < least) from = middle + 1
    else to = middle
  }
  return from
}

/** Of each time the value at it, or one that is younger than `ageMs`; null where there is none. Times ascend. */
export function along(times: readonly number[], { t, v }: Pick<Column, 't' | 'v'>, ageMs: number): (number | null)[] {
  let i = -1
  return times.map((time) => {
    while (i + 1 < t.length && (t[i + 1] ?? 0) <= time) i++
    return i >= 0 && time - (t[i] ?? 0) < ageMs ? (v[i] ?? null) : null
  })
}

export const mean = (list: readonly number[]): number => list.reduce((sum, x) => sum + x, 0) / list.length
export const sum = (list: readonly number[]): number => list.reduce((total, x) => total + x, 0)
/** Null for none: JSON knows no NaN. */
export const meanOrNull = (list: readonly number[], decimals = 0): number | null =>
  list.length ? round(mean(list), decimals) : null
export const round = (value: number, decimals = 0): number => {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}
