/** What is held of each source until it makes a piece. */
import type {
  Measured,
  RecordingMethod,
  Rejection,
  SeriesReading,
  SessionReading,
  SleepStage,
  SourceClaim,
} from '@tributary/protocol'
import { Floats, pickRows, timeOrder } from '../columns.ts'
import type { Losses } from '../losses.ts'
import { type Piece, type PieceSource, pieceValues, type Unusable } from '../piece.ts'
import { pieceSource, sourceKey } from './sources.ts'

export interface ColumnOf {
  metric: string
  unit: string | undefined
  method: RecordingMethod | undefined
}

const noOffset = -32_768
/** Values of all sources that wait; the fullest source goes first. 28 bytes each. */
const mostWaiting = 250_000
/** Rows and what hangs on them (points of a track) that one piece may weigh. */
const mostRows = 4_000
const mostRowWeight = 50_000
const mostUnusable = 500
/** An export has tens of sources. A forged one with millions is cut into as many small pieces, and costs no memory. */
const mostSources = 1_000

/** Points of one metric, unit and method, growing. */
export class Column {
  readonly of: ColumnOf
  length = 0
  #t = new Float64Array(256)
  #v = new Float64Array(256)
  #d = new Float64Array(256)
  #places = new Uint32Array(256)
  #offsets: Int16Array | undefined
  #hasLengths = false

  constructor(of: ColumnOf) {
    this.of = of
  }

  push(t: number, value: number, length: number, place: number, offset: number | undefined): void {
    const at = this.length++
    if (at === this.#t.length) this.#grow()
    this.#t[at] = t
    this.#v[at] = value
    this.#d[at] = length
    this.#places[at] = place
    if (length > 0) this.#hasLengths = true
    if (offset === undefined) return
    this.#offsets ??= new Int16Array(this.#t.length).fill(noOffset)
    this.#offsets[at] = offset
  }

  /** The points by time; the column is empty then. */
  take(): SeriesReading {
    const n = this.length
    const t = this.#t.subarray(0, n)
    const order = timeOrder(t)
    const pick = (values: Float64Array) => (order ? pickRows(values, order) : values.slice(0, n))
    const { metric, unit, method } = this.of
    const places = order ? order.map((row) => this.#places[row] as number) : this.#places.slice(0, n)
    const reading: SeriesReading = {
      kind: 'series',
      metric,
      t: pick(this.#t),
      v: pick(this.#v),
      ...(this.#hasLengths ? { durations: pick(this.#d) } : {}),
      ...(this.#offsets ? { offsets: this.#offsetsBy(order) } : {}),
      ...(unit === undefined ? {} : { unit }),
      ...(method === undefined ? {} : { method }),
      places,
    }
    this.length = 0
    this.#t = new Float64Array(256)
    this.#v = new Float64Array(256)
    this.#d = new Float64Array(256)
    this.#places = new Uint32Array(256)
    this.#offsets = undefined
    this.#hasLengths = false
    return reading
  }

  #offsetsBy(order: Uint32Array | undefined): Int16Array {
    const offsets = (this.#offsets as Int16Array).slice(0, this.length)
    return order ? Int16Array.from(order, (row) => offsets[row] as number) : offsets
  }

  #grow(): void {
    const wider = <T extends Float64Array | Uint32Array | Int16Array>(old: T, made: T): T => {
      made.set(old)
      return made
    }
    const size = this.length * 2
    this.#t = wider(this.#t, new Float64Array(size))
    this.#v = wider(this.#v, new Float64Array(size))
    this.#d = wider(this.#d, new Float64Array(size))
    this.#places = wider(this.#places, new Uint32Array(size))
    if (this.#offsets) this.#offsets = wider(this.#offsets, new Int16Array(size).fill(noOffset))
  }
}

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
  readonly columns: Column[] = []
  /** By type of record, then by unit: what `columns` has, found in one look. */
  readonly byType = new Map<string, Map<string, Column>>()
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

  column(of: ColumnOf): Column {
    const known = this.columns.find(
      (column) => column.of.metric === of.metric && column.of.unit === of.unit && column.of.method === of.method,
    )
    if (known) return known
    const made = new Column(of)
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
    column: Column,
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
