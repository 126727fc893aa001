import type { Measured, RecordingMethod, SessionReading } from '@tributary/protocol'
import { Floats, sortByTime } from './columns.ts'
import { Losses } from './losses.ts'
import { type Ending, type Piece, type PieceSource, pieceValues, type Unusable } from './piece.ts'
import { ValueColumn } from './value-column.ts'

/** What may be known of a value beside its time. */
export interface More {
  /** Milliseconds. */
  duration?: number | undefined
  /** Minutes east of UTC, where the file states it. */
  offset?: number | undefined
  /** A code of `qualityCode`. */
  quality?: number | undefined
  unit?: string | undefined
  method?: RecordingMethod | undefined
  /** Where it stood: a line, a record's number; the record at hand when absent. */
  place?: number | undefined
}

interface Gathered {
  source: PieceSource
  columns: Map<string, ValueColumn>
  rows: Measured[]
  places: Places | undefined
  sessions: SessionReading[]
  unusable: Unusable[]
}

class Places {
  readonly t = new Floats()
  readonly lat = new Floats()
  readonly lon = new Floats()
  readonly ele = new Floats()
}

/** What a row costs beside a value: rows are stored one by one. */
const rowWeight = 20
/** A forged file has a source for every value; a column takes 2 kB before it holds any. */
const mostColumns = 5_000

/**
 * Gathers what a reader finds and cuts it into pieces, source by source, whenever enough came together. Where it cuts depends on
 * nothing but what was gathered, so that the same file is always cut in the same places; sources and series come out in the order in
 * which they came.
 */
export class PieceBuilder {
  bytes = 0
  records = 0
  readonly losses: Losses
  readonly #most: number
  #weight = 0
  #columns = 0
  #gathered = new Map<string, Gathered>()
  #ready: Piece[] = []

  constructor(losses = new Losses(), most = pieceValues) {
    this.losses = losses
    this.#most = most
  }

  /** Counts the bytes as they are read. */
  async *counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.bytes += chunk.length
      yield chunk
    }
  }

  /** The number of the record at hand. */
  get place(): number {
    return Math.max(0, this.records - 1)
  }

  value(source: PieceSource, metric: string, t: number, value: number, more: More = {}): void {
    const { unit, method } = more
    const name = `${metric} ${unit ?? ''} ${method ?? ''}`
    const { columns } = this.#of(source)
    let column = columns.get(name)
    if (!column) {
      column = new ValueColumn({ metric, unit, method })
      columns.set(name, column)
      this.#columns++
    }
    column.push(t, value, more.duration ?? 0, more.place ?? this.place, more.offset, more.quality)
    this.#weigh(1)
  }

  row(source: PieceSource, reading: Measured): void {
    this.#of(source).rows.push(reading)
    this.#weigh(rowWeight)
  }

  position(source: PieceSource, t: number, lat: number, lon: number, ele: number): void {
    const gathered = this.#of(source)
    gathered.places ??= new Places()
    gathered.places.t.push(t)
    gathered.places.lat.push(lat)
    gathered.places.lon.push(lon)
    gathered.places.ele.push(ele)
    this.#weigh(1)
  }

  session(source: PieceSource, session: SessionReading): void {
    this.#of(source).sessions.push(session)
    const streams = Object.values(session.streams ?? {}).reduce((sum, { t }) => sum + t.length, 0)
    this.#weigh(rowWeight * (1 + session.parts.length) + streams + 4 * (session.track?.t.length ?? 0))
  }

  /** A record that was refused, kept so that it can be tried again. */
  unusable(source: PieceSource, unusable: Unusable): void {
    this.#of(source).unusable.push(unusable)
    this.#weigh(rowWeight + unusable.raw.length / 8)
  }

  get hasReady(): boolean {
    return this.#ready.length > 0
  }

  /** Pieces that are full. */
  *ready(): Generator<Piece> {
    const ready = this.#ready
    this.#ready = []
    yield* ready
  }

  /** Everything that is left. */
  *rest(): Generator<Piece> {
    this.#cut()
    yield* this.ready()
  }

  ending(format: string, complete?: Ending['complete']): Ending {
    const { rejected, rejectedByCode, warnings, unused } = this.losses
    const ending: Ending = { format, records: this.records, rejected, rejectedByCode, warnings, unused }
    if (complete) ending.complete = complete
    return ending
  }

  #of(source: PieceSource): Gathered {
    let gathered = this.#gathered.get(source.key)
    if (!gathered) {
      gathered = { source, columns: new Map(), rows: [], places: undefined, sessions: [], unusable: [] }
      this.#gathered.set(source.key, gathered)
    }
    return gathered
  }

  #weigh(weight: number): void {
    this.#weight += weight
    if (this.#weight >= this.#most || this.#columns >= mostColumns) this.#cut()
  }

  #cut(): void {
    for (const { source, columns, rows, places, sessions, unusable } of this.#gathered.values()) {
      const progress = { bytes: this.bytes, records: this.records }
      const readings = Array.from(columns.values(), (column) => column.take())
      if (places) rows.push({ kind: 'positions', track: trackOf(places) })
      const pieces: Piece[] = []
      if (readings.length) pieces.push({ source, readings, sessions: [], unusable: [], progress })
      if (rows.length || sessions.length || !readings.length)
        pieces.push({ source, readings: rows, sessions, unusable: [], progress })
      ;(pieces[0] as Piece).unusable = unusable
      this.#ready.push(...pieces)
    }
    this.#gathered = new Map()
    this.#weight = 0
    this.#columns = 0
  }
}

function trackOf({ t, lat, lon, ele }: Places) {
  return sortByTime({ t: t.view, lat: lat.view, lon: lon.view, ele: ele.view })
}

/** The pieces of one record that is tried again, which are stored together; undefined when it gave none. */
export function asOnePiece(pieces: readonly Piece[]): Piece | undefined {
  const [first] = pieces
  return (
    first && {
      ...first,
      readings: pieces.flatMap(({ readings }) => readings),
      sessions: pieces.flatMap(({ sessions }) => sessions),
      unusable: pieces.flatMap(({ unusable }) => unusable),
    }
  )
}
