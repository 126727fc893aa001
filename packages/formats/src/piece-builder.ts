import type { DayReading, EventReading, RecordingMethod, SeriesReading, SessionReading } from '@tributary/protocol'
import { Floats, pickRows, timeOrder } from './columns.ts'
import { type Piece, type PieceSource, pieceValues, type Unusable } from './piece.ts'

export interface Value {
  /** Length in milliseconds. */
  duration?: number | undefined
  /** Minutes east of UTC, where the file states it. */
  offset?: number | undefined
  unit?: string | undefined
  method?: RecordingMethod | undefined
  /** Where it stood: a line, a record's number. */
  place: number
}

interface Column {
  metric: string
  unit: string | undefined
  method: RecordingMethod | undefined
  t: Floats
  v: Floats
  durations: Floats
  offsets: Floats
  places: Floats
}

interface Gathered {
  source: PieceSource
  columns: Map<string, Column>
  rows: (DayReading | EventReading)[]
  sessions: SessionReading[]
  unusable: Unusable[]
}

const noOffset = -32_768
/** What a row costs beside a value: rows are stored one by one. */
const rowWeight = 20

/**
 * Gathers what a reader finds and cuts it into pieces, source by source, whenever enough came together: after how many values
 * depends on nothing but the values, so that the same file is always cut in the same places.
 */
export class PieceBuilder {
  bytes = 0
  records = 0
  readonly #most: number
  #weight = 0
  #gathered = new Map<string, Gathered>()
  #ready: Piece[] = []

  constructor(most = pieceValues) {
    this.#most = most
  }

  value(source: PieceSource, metric: string, t: number, value: number, more: Value): void {
    const { unit, method } = more
    const name = `${metric} ${unit ?? ''} ${method ?? ''}`
    const { columns } = this.#of(source)
    let column = columns.get(name)
    if (!column) {
      column = {
        metric,
        unit,
        method,
        t: new Floats(),
        v: new Floats(),
        durations: new Floats(),
        offsets: new Floats(),
        places: new Floats(),
      }
      columns.set(name, column)
    }
    column.t.push(t)
    column.v.push(value)
    column.durations.push(more.duration ?? 0)
    column.offsets.push(more.offset ?? noOffset)
    column.places.push(more.place)
    this.#weigh(1)
  }

  row(source: PieceSource, reading: DayReading | EventReading): void {
    this.#of(source).rows.push(reading)
    this.#weigh(rowWeight)
  }

  session(source: PieceSource, session: SessionReading): void {
    this.#of(source).sessions.push(session)
    const streams = Object.values(session.streams ?? {}).reduce((sum, { t }) => sum + t.length, 0)
    this.#weigh(rowWeight * (1 + session.parts.length) + streams + 4 * (session.track?.t.length ?? 0))
  }

  unusable(source: PieceSource, unusable: Unusable): void {
    this.#of(source).unusable.push(unusable)
    this.#weigh(rowWeight + unusable.raw.length / 8)
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

  #of(source: PieceSource): Gathered {
    let gathered = this.#gathered.get(source.key)
    if (!gathered) {
      gathered = { source, columns: new Map(), rows: [], sessions: [], unusable: [] }
      this.#gathered.set(source.key, gathered)
    }
    return gathered
  }

  #weigh(weight: number): void {
    this.#weight += weight
    if (this.#weight >= this.#most) this.#cut()
  }

  #cut(): void {
    for (const { source, columns, rows, sessions, unusable } of this.#gathered.values()) {
      const progress = { bytes: this.bytes, records: this.records }
      const readings = [...columns.values()].map(seriesOf)
      const pieces: Piece[] = []
      if (readings.length) pieces.push({ source, readings, sessions: [], unusable: [], progress })
      if (rows.length || sessions.length || !readings.length)
        pieces.push({ source, readings: rows, sessions, unusable: [], progress })
      ;(pieces[0] as Piece).unusable = unusable
      this.#ready.push(...pieces)
    }
    this.#gathered = new Map()
    this.#weight = 0
  }
}

function seriesOf({ metric, unit, method, ...columns }: Column): SeriesReading {
  const order = timeOrder(columns.t.view)
  const sorted = ({ view }: Floats) => (order ? pickRows(view, order) : view.slice())
  const has = ({ view }: Floats, nothing: number) => view.some((value) => value !== nothing)
  const reading: SeriesReading = {
    kind: 'series',
    metric,
    t: sorted(columns.t),
    v: sorted(columns.v),
    places: Uint32Array.from(sorted(columns.places)),
  }
  if (has(columns.durations, 0)) reading.durations = sorted(columns.durations)
  if (has(columns.offsets, noOffset)) reading.offsets = Int16Array.from(sorted(columns.offsets))
  if (unit !== undefined) reading.unit = unit
  if (method !== undefined) reading.method = method
  return reading
}
