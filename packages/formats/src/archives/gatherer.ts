import type { DayReading, EventReading, Measured, SeriesReading, SessionReading, Track } from '@tributary/protocol'
import { Floats, sortByTime, timeOrder } from '../columns.ts'
import type { Losses } from '../losses.ts'
import { type Ending, type Piece, type PieceSource, pieceValues, type Unusable } from '../piece.ts'
import type { TimeCheck } from '../times.ts'

/** Sessions with all of their parts are heavy; a piece of them stays small too. */
const pieceRows = 5_000
const rawLength = 8_000
const noOffset = -32_768

export interface SampleExtras {
  /** Milliseconds. */
  duration?: number
  /** Minutes east of UTC, as the source states. */
  offset?: number
  /** A code of `qualityCode`. */
  quality?: number
  unit?: string
}

class Column {
  readonly t = new Floats()
  readonly v = new Floats()
  readonly durations = new Floats()
  readonly offsets = new Floats()
  readonly qualities = new Floats()
}

interface Held {
  source: PieceSource
  /** By metric and unit. */
  columns: Map<string, { metric: string; unit: string | undefined; column: Column }>
  rows: Measured[]
  sessions: SessionReading[]
  unusable: Unusable[]
  places: Places
}

class Places {
  readonly t = new Floats()
  readonly lat = new Floats()
  readonly lon = new Floats()
  readonly ele = new Floats()
}

/**
 * What a reader of many small files has read, until it is enough for a piece. Sources come out in the order in which they first
 * appeared and their series by name, so that the same bytes give the same pieces.
 */
export class Gatherer {
  /** Unpacked bytes read so far. */
  bytes = 0
  records = 0
  readonly losses: Losses
  readonly #check: TimeCheck
  readonly #held = new Map<string, Held>()
  #values = 0
  #rows = 0
  #places = 0

  constructor(losses: Losses, check: TimeCheck) {
    this.losses = losses
    this.#check = check
  }

  /** Counts the bytes of an entry as they are read. */
  async *counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.bytes += chunk.length
      yield chunk
    }
  }

  sample(source: PieceSource, metric: string, t: number, value: number, extras: SampleExtras = {}): boolean {
    if (!this.#isSound(source, metric, t, value)) return false
    const { duration = 0, offset, quality = 0, unit } = extras
    const { columns } = this.#of(source)
    const name = unit === undefined ? metric : `${metric} ${unit}`
    let held = columns.get(name)
    if (!held) {
      held = { metric, unit, column: new Column() }
      columns.set(name, held)
    }
    const { column } = held
    column.t.push(t)
    column.v.push(value)
    column.durations.push(duration)
    column.offsets.push(offset ?? noOffset)
    column.qualities.push(quality)
    this.#values++
    return true
  }

  day(source: PieceSource, reading: Omit<DayReading, 'kind'>): boolean {
    if (!this.#isSound(source, reading.metric, Date.parse(reading.date), reading.value)) return false
    return this.#row(source, { kind: 'day', ...reading })
  }

  event(source: PieceSource, reading: Omit<EventReading, 'kind'>): boolean {
    return this.isTime(source, reading.metric, reading.start) && this.#row(source, { kind: 'event', ...reading })
  }

  position(source: PieceSource, t: number, lat: number, lon: number, ele: number): boolean {
    if (!this.isTime(source, 'position', t)) return false
    const { places } = this.#of(source)
    places.t.push(t)
    places.lat.push(lat)
    places.lon.push(lon)
    places.ele.push(ele)
    this.#places++
    return true
  }

  session(source: PieceSource, session: SessionReading): boolean {
    if (!this.isTime(source, session.type, session.start)) return false
    if (!(session.end >= session.start)) {
      this.reject(source, 'span_backwards', `the ${session.type} ends before it begins`)
      return false
    }
    this.#of(source).sessions.push(session)
    this.#rows += 1 + session.parts.length
    return true
  }

  /** A record that cannot be used; `raw` as it stood in the file, where it may be tried again. */
  reject(source: PieceSource, code: string, detail: string, raw?: string): void {
    const index = Math.max(0, this.records - 1)
    this.losses.reject(index, code, detail)
    if (raw === undefined) return
    this.#of(source).unusable.push({ index, code, detail, raw: raw.slice(0, rawLength) })
    this.#rows++
  }

  isTime(source: PieceSource, what: string, t: number): boolean {
    const fault = this.#check(t)
    if (fault) this.reject(source, fault.code, `${what}: ${fault.detail}`)
    return !fault
  }

  #isSound(source: PieceSource, metric: string, t: number, value: number): boolean {
    if (!this.isTime(source, metric, t)) return false
    if (Number.isFinite(value)) return true
    this.reject(source, 'number_unreadable', `${metric} is not a number`)
    return false
  }

  #row(source: PieceSource, row: Measured): true {
    this.#of(source).rows.push(row)
    this.#rows++
    return true
  }

  #of(source: PieceSource): Held {
    let held = this.#held.get(source.key)
    if (!held) {
      held = { source, columns: new Map(), rows: [], sessions: [], unusable: [], places: new Places() }
      this.#held.set(source.key, held)
    }
    return held
  }

  get #areRowsFull(): boolean {
    return this.#rows >= pieceRows || this.#places >= pieceValues
  }

  get isFull(): boolean {
    return this.#values >= pieceValues || this.#areRowsFull
  }

  /** Pieces as soon as there is enough for one. To be asked after every record. */
  *full(): Generator<Piece> {
    if (this.#values >= pieceValues) yield* this.#series()
    if (this.#areRowsFull) yield* this.#rowPieces()
  }

  *rest(): Generator<Piece> {
    yield* this.#series()
    yield* this.#rowPieces()
  }

  *#series(): Generator<Piece> {
    for (const { source, columns } of this.#held.values()) {
      if (!columns.size) continue
      const names = [...columns.keys()].sort()
      const readings = names.map((name) => {
        const { metric, unit, column } = columns.get(name) as {
          metric: string
          unit: string | undefined
          column: Column
        }
        return seriesOf(metric, unit, column)
      })
      columns.clear()
      yield this.#piece(source, readings, [], [])
    }
    this.#values = 0
  }

  *#rowPieces(): Generator<Piece> {
    for (const held of this.#held.values()) {
      const { source, rows, sessions, unusable } = held
      if (held.places.t.length) rows.push({ kind: 'positions', track: trackOf(held.places) })
      if (!rows.length && !sessions.length && !unusable.length) continue
      held.rows = []
      held.sessions = []
      held.unusable = []
      held.places = new Places()
      yield this.#piece(source, rows, sessions, unusable)
    }
    this.#rows = 0
    this.#places = 0
  }

  #piece(source: PieceSource, readings: Measured[], sessions: SessionReading[], unusable: Unusable[]): Piece {
    return { source, readings, sessions, unusable, progress: { bytes: this.bytes, records: this.records } }
  }

  ending(format: string, complete?: Ending['complete']): Ending {
    const { rejected, rejectedByCode, warnings, unused } = this.losses
    const ending: Ending = { format, records: this.records, rejected, rejectedByCode, warnings, unused }
    if (complete) ending.complete = complete
    return ending
  }
}

function trackOf({ t, lat, lon, ele }: Places): Track {
  return sortByTime({ t: t.view, lat: lat.view, lon: lon.view, ele: ele.view })
}

function seriesOf(metric: string, unit: string | undefined, column: Column): SeriesReading {
  const order = timeOrder(column.t.view)
  const sorted = (values: Float64Array) =>
    order ? Float64Array.from(order, (row) => values[row] as number) : values.slice()
  const reading: SeriesReading = { kind: 'series', metric, t: sorted(column.t.view), v: sorted(column.v.view) }
  if (column.durations.view.some((ms) => ms !== 0)) reading.durations = sorted(column.durations.view)
  if (column.offsets.view.some((minutes) => minutes !== noOffset)) {
    reading.offsets = Int16Array.from(sorted(column.offsets.view))
  }
  if (column.qualities.view.some((code) => code !== 0))
    reading.qualities = Uint32Array.from(sorted(column.qualities.view))
  if (unit !== undefined) reading.unit = unit
  return reading
}
