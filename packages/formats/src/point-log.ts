import { Floats, SampleColumns, sortByTime } from './columns.ts'
import { placeFault, roundPlace } from './geo.ts'
import type { Losses } from './losses.ts'
import type { TimeCheck } from './times.ts'
import type { Pause } from './totals.ts'
import type { Way } from './way.ts'
import { readTime } from './xml/values.ts'

/** One trackpoint as it was read; NaN and undefined where it lacks the part. */
export interface Point {
  time: string | undefined
  lat: number
  lon: number
  ele: number
  /** Radius in metres within which the place is. */
  accuracy: number
  /** Metric, or stream with `/` before it, to value. */
  values: Map<string, number>
}

const placeParts = ['t', 'lat', 'lon', 'ele', 'accuracy', 'segment'] as const satisfies (keyof Way)[]

/** Collects the points of one workout of a TCX or GPX file. */
export class PointLog {
  readonly samples = new SampleColumns()
  readonly pauses: Pause[] = []
  /** Of the first time that stated one other than Z. */
  offset: number | undefined
  first = Number.POSITIVE_INFINITY
  last = Number.NEGATIVE_INFINITY
  readonly #columns = {
    t: new Floats(),
    lat: new Floats(),
    lon: new Floats(),
    ele: new Floats(),
    accuracy: new Floats(),
    segment: new Floats(),
  }
  readonly #check: TimeCheck
  readonly #losses: Losses
  #segment = 0
  #pausedAt = Number.NaN
  #latest = Number.NaN
  #untimed = 0

  constructor(check: TimeCheck, losses: Losses) {
    this.#check = check
    this.#losses = losses
  }

  /** A new stretch; what lies between the last point and the next one is a pause. */
  breakSegment(): void {
    this.#segment++
    if (Number.isNaN(this.#pausedAt)) this.#pausedAt = this.#latest
  }

  /** Returns the time of the point, when it has a usable one. */
  add(index: number, point: Point): number | undefined {
    const t = this.#timeOf(index, point.time)
    if (t === undefined) return undefined
    if (!Number.isNaN(t)) this.#clock(t)
    this.#addPlace(index, t, point)
    if (Number.isNaN(t)) return undefined
    for (const [name, value] of point.values) this.samples.push(name, t, value)
    this.samples.push('elevation', t, point.ele)
    return t
  }

  /** The points of another log, which begins after this one ended, as a further segment. */
  append(later: PointLog): void {
    this.breakSegment()
    if (later.first > this.#pausedAt) this.pauses.push({ start: this.#pausedAt, end: later.first })
    this.#pausedAt = Number.NaN
    for (const pause of later.pauses) this.pauses.push(pause)
    for (const name of placeParts) {
      const shift = name === 'segment' ? this.#segment : 0
      for (const value of later.#columns[name].view) this.#columns[name].push(value + shift)
    }
    this.samples.append(later.samples)
    this.#segment += later.#segment
    this.#untimed += later.#untimed
    this.#latest = later.#latest
    this.last = later.last
    this.offset ??= later.offset
  }

  /** Zero over the whole track is a writer without an altimeter; returns whether it was so. */
  dropFlatElevation(): boolean {
    const elevation = this.samples.get('elevation')
    if (!elevation || elevation.v.some((value) => value !== 0)) return false
    this.samples.delete('elevation')
    this.#columns.ele.view.fill(Number.NaN)
    return true
  }

  get untimed(): number {
    return this.#untimed
  }

  get points(): number {
    return this.#columns.t.length
  }

  /** By time where all have one; else in the order of the file, which is then all there is to go by. */
  way(): Way {
    const { t, lat, lon, ele, accuracy, segment } = this.#columns
    const way = {
      t: t.view,
      lat: lat.view,
      lon: lon.view,
      ele: ele.view,
      accuracy: accuracy.view,
      segment: segment.view,
    }
    return this.#untimed ? way : sortByTime(way)
  }

  /** NaN: the point has none. Undefined: it has one that cannot be, and the point is rejected. */
  #timeOf(index: number, text: string | undefined): number | undefined {
    if (text === undefined || text === '') {
      this.#untimed++
      return Number.NaN
    }
    const read = readTime(text)
    const fault = this.#check(read?.t ?? Number.NaN)
    if (!read || fault) {
      this.#losses.reject(
        index,
        fault?.code ?? 'time_unreadable',
        read ? (fault?.detail ?? '') : `"${text.slice(0, 40)}" is not a time`,
      )
      return undefined
    }
    if (!read.zone) this.#losses.warn('time_without_zone', 'times without a zone are taken as UTC')
    if (read.offset) this.offset ??= read.offset
    return read.t
  }

  #clock(t: number): void {
    if (t > this.#pausedAt) this.pauses.push({ start: this.#pausedAt, end: t })
    this.#pausedAt = Number.NaN
    this.#latest = t
    this.first = Math.min(this.first, t)
    this.last = Math.max(this.last, t)
  }

  #addPlace(index: number, t: number, { lat, lon, ele, accuracy }: Point): void {
    if (Number.isNaN(lat) && Number.isNaN(lon)) return
    const fault = placeFault(lat, lon)
    if (fault) {
      this.#losses.reject(index, 'position_invalid', fault)
      return
    }
    const row = { t, lat: roundPlace(lat), lon: roundPlace(lon), ele, accuracy, segment: this.#segment }
    for (const name of placeParts) this.#columns[name].push(row[name])
  }
}
