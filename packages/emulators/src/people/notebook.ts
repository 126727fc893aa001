/** What one source measured in a while, gathered value by value and handed over in columns. */
import type { Measured, SessionReading } from '@tributary/protocol'

interface Column {
  t: number[]
  v: number[]
  d: number[]
  z: number[]
  method: 'automatic' | 'active' | 'manual'
}

export type Method = Column['method']

export interface Notes {
  readings: Measured[]
  sessions: SessionReading[]
  /** Values of all readings. */
  samples: number
}

export class Notebook {
  readonly #until: number
  #columns = new Map<string, Column>()
  #rows: Measured[] = []
  #sessions: SessionReading[] = []

  /** Nothing that ends after this moment has happened yet. */
  constructor(until: number) {
    this.#until = until
  }

  /** A value of kind S or I; `length` in ms. */
  add(metric: string, t: number, v: number, offset: number, length = 0, method: Method = 'automatic'): void {
    if (t + length > this.#until) return
    const key = `${metric} ${method}`
    const column = this.#columns.get(key) ?? { t: [], v: [], d: [], z: [], method }
    this.#columns.set(key, column)
    column.t.push(t)
    column.v.push(v)
    column.d.push(length)
    column.z.push(offset)
  }

  /** What the source states for a date once `at` has come. */
  day(metric: string, date: string, at: number, value: number): void {
    if (at <= this.#until) this.#rows.push({ kind: 'day', metric, date, value })
  }

  event(metric: string, start: number, value: Record<string, number>, offset: number): void {
    if (start <= this.#until) this.#rows.push({ kind: 'event', metric, start, value, offset })
  }

  session(session: SessionReading): boolean {
    if (session.end > this.#until) return false
    this.#sessions.push(session)
    return true
  }

  /** Everything so far, and begins anew. */
  take(): Notes {
    const series = [...this.#columns].map(([key, column]) => seriesOf(key.split(' ')[0] ?? key, column))
    const notes: Notes = {
      readings: [...series, ...this.#rows],
      sessions: this.#sessions,
      samples: series.reduce((sum, { t }) => sum + t.length, 0) + this.#rows.length,
    }
    this.#columns = new Map()
    this.#rows = []
    this.#sessions = []
    return notes
  }
}

function seriesOf(metric: string, { t, v, d, z, method }: Column) {
  return {
    kind: 'series' as const,
    metric,
    t: Float64Array.from(t),
    v: Float64Array.from(v),
    ...(d.some((length) => length > 0) ? { durations: Float64Array.from(d) } : {}),
    offsets: Int16Array.from(z),
    method,
  }
}

export const round = (value: number, decimals = 0): number => {
  const scale = 10 ** decimals
  return Math.round(value * scale) / scale
}
