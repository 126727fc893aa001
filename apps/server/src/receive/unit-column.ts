/** Grows a column of values that share a unit. Optional columns begin with the first value that needs them. */
import { type MetricId, qualityCode, type SeriesReading } from '@tributary/protocol'
import { noOffset } from '../platform/samples/points.ts'

export class UnitColumn {
  readonly metric: MetricId
  readonly unit: string | undefined
  n = 0
  t: Float64Array
  v: Float64Array
  durations: Float64Array | undefined
  qualities: Uint32Array | undefined
  offsets: Int16Array | undefined
  places: Uint32Array | undefined

  constructor(metric: MetricId, unit: string | undefined, room: number) {
    this.metric = metric
    this.unit = unit
    this.t = doubles(room)
    this.v = doubles(room)
  }

  /** `quality` is sound; `place` is where the value stood among all. */
  add(place: number, ms: number, offset: number, value: number, quality: unknown): void {
    const n = this.n++
    if (n === this.t.length) this.grow()
    this.t[n] = ms
    this.v[n] = value
    if (quality !== undefined) {
      this.qualities ??= codes(this.t.length)
      this.qualities[n] = codeOf(quality) ?? 0
    }
    if (offset !== noOffset) {
      this.offsets ??= new Int16Array(this.t.length).fill(noOffset)
      this.offsets[n] = offset
    }
    if (this.places) this.places[n] = place
    else if (place !== n) {
      this.places = Uint32Array.from(this.t, (_, i) => i)
      this.places[n] = place
    }
  }

  /** Of the value added last. */
  setDuration(ms: number): void {
    this.durations ??= new Float64Array(this.t.length)
    this.durations[this.n - 1] = ms
  }

  private grow(): void {
    const room = this.t.length * 2
    this.t = copyTo(new Float64Array(room), this.t)
    this.v = copyTo(new Float64Array(room), this.v)
    if (this.durations) this.durations = copyTo(new Float64Array(room), this.durations)
    if (this.qualities) this.qualities = copyTo(new Uint32Array(room), this.qualities)
    if (this.offsets) this.offsets = copyTo(new Int16Array(room).fill(noOffset), this.offsets)
    if (this.places) this.places = copyTo(new Uint32Array(room), this.places)
  }

  reading(): SeriesReading {
    const { n, metric, unit } = this
    const reading: SeriesReading = { kind: 'series', metric, t: first(n, this.t), v: first(n, this.v) }
    if (unit !== undefined) reading.unit = unit
    if (this.durations) reading.durations = first(n, this.durations)
    if (this.qualities) reading.qualities = first(n, this.qualities)
    if (this.offsets) reading.offsets = first(n, this.offsets)
    if (this.places) reading.places = first(n, this.places)
    return reading
  }
}

const first = <C extends Float64Array | Uint32Array | Int16Array>(n: number, column: C): C =>
  n === column.length ? column : (column.subarray(0, n) as C)

/**
 * Small columns are cut from a block, as small Buffers are: memory of its own costs each more to get and to give back than a minute
 * of values costs to read. A block is let go with the last column cut from it, which is when its upload is stored.
 */
const blockBytes = 64 * 1024
const mostCut = blockBytes / 16
let block = new ArrayBuffer(blockBytes)
let taken = 0

function doubles(room: number): Float64Array {
  const bytes = room * 8
  if (bytes > mostCut) return new Float64Array(room)
  const from = cut(bytes)
  return new Float64Array(block, from, room)
}

function codes(room: number): Uint32Array {
  const bytes = room * 4
  if (bytes > mostCut) return new Uint32Array(room)
  const from = cut(bytes)
  return new Uint32Array(block, from, room)
}

/** Where so many bytes begin in the block, which may be a new one, in steps of eight. Each is cut once, so it is zeros. */
function cut(bytes: number): number {
  if (taken + bytes > blockBytes) {
    block = new ArrayBuffer(blockBytes)
    taken = 0
  }
  const from = taken
  taken += (bytes + 7) & ~7
  return from
}

function copyTo<C extends Float64Array | Uint32Array | Int16Array>(to: C, from: C): C {
  to.set(from)
  return to
}

/** A batch says the same word for each of its values. */
let knownQuality: unknown
let knownCode: number | undefined = 0

/** As `qualityCode`; undefined for what is no quality. */
export function codeOf(quality: unknown): number | undefined {
  if (quality === knownQuality) return knownCode
  knownCode = quality === null ? undefined : qualityCode(quality)
  knownQuality = quality
  return knownCode
}
