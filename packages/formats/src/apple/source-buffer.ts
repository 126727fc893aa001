/** What is held of each source until it makes a piece. */
import type { Measured, Rejection, SessionReading, SleepStage, SourceClaim } from '@tributary/protocol'
import { Floats } from '../columns.ts'
import type { Losses } from '../losses.ts'
import { type Piece, type PieceSource, pieceValues, type Unusable } from '../piece.ts'
import { type ColumnOf, ValueColumn } from '../value-column.ts'
import { pieceSource, sourceKey } from './sources.ts'

/** Values of all sources that wait; the fullest source goes first. 28 bytes each. */
const mostWaiting = 250_000
/** Rows and what hangs on them (points of a track) that one piece may weigh. */
const mostRows = 1_000
const mostRowWeight = 12_500
const mostUnusable = 500
/** An export has tens of sources. A forged one with millions is cut into as many small pieces, and costs no memory. */
const mostSources = 1_000

/** Stages of sleep of one source, until all are there and nights can be made of them. */
export class StageLog {
  readonly start = new Floats()
  readonly end = new Floats()
  readonly stages: SleepStage[] = []
  /** Minutes east of UTC: the stated zone's (NaN without one), and the one the date was written in. */
  readonly offset = new Floats()
  readonly written = new Floats()
}

export class SourceBuffer {
  readonly source: PieceSource
  readonly columns: ValueColumn[] = []
  /** By type of record, then by unit: what `columns` has, found in one look. */
  readonly byType = new Map<string, Map<string, ValueColumn>>()
  values = 0
  rows: Measured[] = []
  sessions: SessionReading[] = []
  unusable: Unusable[] = []
  rowWeight = 0
  sleep = new StageLog()
  /** Hours of a date in which the person stood, one bit each. */
  stood = new Map<string, number>()
  pressures = new Map<string, Pressure>()
  /** The last line that a record gave for the device, and when it was measured: the newest device counts. */
  device: string | undefined
  deviceAt = Number.NEGATIVE_INFINITY

  constructor(name: string) {
    this.source = pieceSource(name, undefined)
  }

  claim(claim: SourceClaim): void {
    for (const part of ['app', 'manufacturer', 'model', 'firmware'] as const) delete this.source[part]
    Object.assign(this.source, claim)
  }

  column(of: ColumnOf): ValueColumn {
    const known = this.columns.find(
      (column) => column.of.metric === of.metric && column.of.unit === of.unit && column.of.method === of.method,
    )
    if (known) return known
    const made = new ValueColumn(of)
    this.columns.push(made)
    return made
  }
}

/** Halves of blood pressures with one source and time. Every distinct value once: they are written at the top and in correlations. */
export interface Pressure {
  start: number
  end: number
  offset: number | undefined
  place: number
  systolic: number[]
  diastolic: number[]
  manual: boolean
}

/** All sources, and the pieces that are ready. */
export class SourceBuffers {
  readonly ready: Piece[] = []
  readonly #byName = new Map<string, SourceBuffer>()
  readonly #byKey = new Map<string, SourceBuffer>()
  readonly #losses: Losses
  readonly #progress: () => Piece['progress']
  /** Makes rows of what waits for its other parts: nights, days, pairs. */
  readonly #finish: (buffer: SourceBuffer) => void
  #values = 0

  constructor(losses: Losses, progress: () => Piece['progress'], finish: (buffer: SourceBuffer) => void) {
    this.#losses = losses
    this.#progress = progress
    this.#finish = finish
  }

  of(name: string): SourceBuffer {
    const known = this.#byName.get(name)
    if (known) return known
    const key = sourceKey(name)
    let buffer = this.#byKey.get(key)
    if (!buffer) {
      if (this.#byKey.size >= mostSources) this.finishAll()
      buffer = new SourceBuffer(name)
      this.#byKey.set(key, buffer)
    }
    if (this.#byName.size >= mostSources * 4) this.#byName.clear()
    this.#byName.set(name, buffer)
    return buffer
  }

  addPoint(
    buffer: SourceBuffer,
    column: ValueColumn,
    t: number,
    value: number,
    length: number,
    place: number,
    offset: number | undefined,
  ): void {
    column.push(t, value, length, place, offset)
    buffer.values++
    this.#values++
    if (buffer.values >= pieceValues) this.#flushPoints(buffer)
    else if (this.#values >= mostWaiting) this.#flushPoints(this.#fullest())
  }

  addRow(buffer: SourceBuffer, row: Measured): void {
    buffer.rows.push(row)
    this.#weigh(buffer, 1)
  }

  addSession(buffer: SourceBuffer, session: SessionReading): void {
    buffer.sessions.push(session)
    let weight = 1 + session.parts.length + (session.track?.t.length ?? 0) * 4
    for (const stream of Object.values(session.streams ?? {})) weight += stream.t.length * 2
    this.#weigh(buffer, weight)
  }

  addUnusable(buffer: SourceBuffer, rejection: Rejection, raw: string): void {
    this.#losses.reject(rejection.index, rejection.code, rejection.detail)
    buffer.unusable.push({ ...rejection, raw })
    if (buffer.unusable.length >= mostUnusable) this.#flushRows(buffer)
  }

  /** Everything that waits, in the order in which the sources came; they begin anew. */
  finishAll(): void {
    for (const buffer of this.#byKey.values()) {
      this.#finish(buffer)
      this.#flushPoints(buffer)
      this.#flushRows(buffer)
    }
    this.#byKey.clear()
    this.#byName.clear()
  }

  #weigh(buffer: SourceBuffer, weight: number): void {
    buffer.rowWeight += weight
    if (buffer.rowWeight >= mostRowWeight || buffer.rows.length + buffer.sessions.length >= mostRows)
      this.#flushRows(buffer)
  }

  #fullest(): SourceBuffer {
    let fullest: SourceBuffer | undefined
    for (const buffer of this.#byKey.values()) if (!fullest || buffer.values > fullest.values) fullest = buffer
    return fullest as SourceBuffer
  }

  #flushPoints(buffer: SourceBuffer): void {
    if (!buffer.values) return
    const readings = buffer.columns.filter((column) => column.length > 0).map((column) => column.take())
    this.#values -= buffer.values
    buffer.values = 0
    this.#push(buffer, { readings, sessions: [], unusable: [] })
  }

  #flushRows(buffer: SourceBuffer): void {
    const { rows, sessions, unusable } = buffer
    if (!rows.length && !sessions.length && !unusable.length) return
    buffer.rows = []
    buffer.sessions = []
    buffer.unusable = []
    buffer.rowWeight = 0
    this.#push(buffer, { readings: rows, sessions, unusable })
  }

  #push(buffer: SourceBuffer, parts: Pick<Piece, 'readings' | 'sessions' | 'unusable'>): void {
    this.ready.push({ source: { ...buffer.source }, ...parts, progress: this.#progress() })
  }
}
