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
    this.t = new Float64Array(room)
    this.v = new Float64Array(room)
  }

  /** `quality` is sound; `place` is where the value stood among all. */
  add(place: number, ms: number, offset: number, value: number, quality: unknown): void {
    const n = this.n++
    if (n === this.t.length) this.grow()
    this.t[n] = ms
    this.v[n] = value
    if (quality !== undefined) {
      this.qualities ??= new Uint32Array(this.t.length)
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
    const reading: SeriesReading = { kind: 'series', metric, t: this.t.subarray(0, n), v: this.v.subarray(0, n) }
    if (unit !== undefined) reading.unit = unit
    if (this.durations) reading.durations = this.durations.subarray(0, n)
    if (this.qualities) reading.qualities = this.qualities.subarray(0, n)
    if (this.offsets) reading.offsets = this.offsets.subarray(0, n)
    if (this.places) reading.places = this.places.subarray(0, n)
    return reading
  }
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
