import type { RecordingMethod, SeriesReading } from '@tributary/protocol'
import { pickRows, timeOrder } from './columns.ts'

/** What all values of a column share. */
export interface ColumnOf {
  metric: string
  unit: string | undefined
  method: RecordingMethod | undefined
}

const noOffset = -32_768
/** Values that a new column has room for. */
const columnRoom = 64

/** Values of one metric, unit and method as they come: 28 bytes each, and more only where something more is known of them. */
export class ValueColumn {
  readonly of: ColumnOf
  length = 0
  #t = new Float64Array(columnRoom)
  #v = new Float64Array(columnRoom)
  #d = new Float64Array(columnRoom)
  #places = new Uint32Array(columnRoom)
  #offsets: Int16Array | undefined
  #qualities: Uint32Array | undefined
  #hasLengths = false

  constructor(of: ColumnOf) {
    this.of = of
  }

  push(t: number, value: number, length: number, place: number, offset?: number, quality = 0): void {
    const at = this.length++
    if (at === this.#t.length) this.#grow()
    this.#t[at] = t
    this.#v[at] = value
    this.#d[at] = length
    this.#places[at] = place
    if (length > 0) this.#hasLengths = true
    if (offset !== undefined) {
      this.#offsets ??= new Int16Array(this.#t.length).fill(noOffset)
      this.#offsets[at] = offset
    }
    if (quality === 0) return
    this.#qualities ??= new Uint32Array(this.#t.length)
    this.#qualities[at] = quality
  }

  /** The values by time; the column is empty then. */
  take(): SeriesReading {
    const n = this.length
    const order = timeOrder(this.#t.subarray(0, n))
    const pick = (values: Float64Array) => (order ? pickRows(values, order) : values.slice(0, n))
    const { metric, unit, method } = this.of
    const reading: SeriesReading = {
      kind: 'series',
      metric,
      t: pick(this.#t),
      v: pick(this.#v),
      ...(this.#hasLengths ? { durations: pick(this.#d) } : {}),
      ...(this.#offsets ? { offsets: Int16Array.from(pick(Float64Array.from(this.#offsets))) } : {}),
      ...(this.#qualities ? { qualities: Uint32Array.from(pick(Float64Array.from(this.#qualities))) } : {}),
      ...(unit === undefined ? {} : { unit }),
      ...(method === undefined ? {} : { method }),
      places: order ? order.map((row) => this.#places[row] as number) : this.#places.slice(0, n),
    }
    this.length = 0
    this.#t = new Float64Array(columnRoom)
    this.#v = new Float64Array(columnRoom)
    this.#d = new Float64Array(columnRoom)
    this.#places = new Uint32Array(columnRoom)
    this.#offsets = undefined
    this.#qualities = undefined
    this.#hasLengths = false
    return reading
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
    if (this.#qualities) this.#qualities = wider(this.#qualities, new Uint32Array(size))
  }
}
