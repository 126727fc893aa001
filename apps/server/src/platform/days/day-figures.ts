/**
 * What one source measured of one metric, by local date. Pure: points in, oldest first, a figure for each date out.
 *
 * - The date of a point is its own clock's where it says one (`z`), else the person's calendar's. So a traveller's day is as
 *   long as it was.
 * - An amount over a period (kind I) that crosses midnight is shared out in proportion to time; its parts add up to it.
 * - The mean of a gauge (kind S) is weighted by time where it was measured densely, which is when half of the gaps between
 *   neighbours are at most ten minutes: each value then counts until the next one, for ten minutes at most. An hour of
 *   running at one value a second so weighs an hour. Sparse values, and events (kind E), count alike.
 * - Coverage is the share of the day's real seconds in which there was something: of an amount over a period, the period; of
 *   anything else, the time to the next value, ten minutes at most. Events have none.
 */
import { catalogue, type Kind, type MetricId, qualityScore } from '@tributary/protocol'
import { dayMs, lowerBound, noOffset, type Points } from '../samples/points.ts'
import type { Zone } from './zone.ts'

export interface DayFigure {
  /** Local date, days since 1970. */
  day: number
  n: number
  min: number | null
  max: number | null
  avg: number | null
  sum: number | null
  /** What began first and last on this day; null of amounts over a period. */
  first: number | null
  last: number | null
  /** When the last value began, ms. */
  lastAt: number | null
  coverage: number | null
  quality: number | null
  /** The local day's beginning and end, ms; null where only a date was stated. */
  startAt: number | null
  endAt: number | null
}

/** How long a value of a gauge is taken to hold. */
const holdMs = 600_000
const minuteMs = 60_000

export interface FigureOptions {
  kind: Exclude<Kind, 'D'>
  /** Whether values that are no amounts over time are to be added up, such as falls. */
  summed: boolean
  zone: Zone
}

export const figureOptions = (metric: MetricId, zone: Zone, kind: Kind = catalogue[metric].kind[0]): FigureOptions => ({
  kind: kind === 'D' ? 'S' : kind,
  summed: catalogue[metric].rollup.includes('sum'),
  zone,
})

export class DayFigures {
  readonly #options: FigureOptions
  readonly #days = new Map<number, OpenDay>()

  constructor(options: FigureOptions) {
    this.#options = options
  }

  /** Points of one series in ascending order of time, none before those of an earlier call. */
  add(points: Points): void {
    const { t, z, n } = points
    const { zone } = this.#options
    for (let i = 0; i < n; ) {
      const day = this.#dayAt(points, i)
      let end = i + 1
      if (z) while (end < n && this.#dayAt(points, end) === day) end++
      else end = lowerBound(t, zone.startOf(day + 1), end)
      if (this.#options.kind === 'I' && points.d) this.#addAmounts(points, i, end, day)
      else this.#open(day).addValues(points, i, end)
      i = end
    }
  }

  /** Oldest first. */
  finish(): DayFigure[] {
    return [...this.#days.values()].sort((a, b) => a.day - b.day).map((day) => day.finish())
  }

  #dayAt({ t, z }: Points, i: number): number {
    const offset = z ? (z[i] as number) : noOffset
    return offset === noOffset
      ? this.#options.zone.dayAt(t[i] as number)
      : Math.floor(((t[i] as number) + offset * minuteMs) / dayMs)
  }

  #open(day: number): OpenDay {
    const known = this.#days.get(day)
    if (known) return known
    const made = new OpenDay(day, this.#options)
    this.#days.set(day, made)
    return made
  }

  /** Each date that an amount touches gets its part; the last takes the rest, so that nothing is lost to rounding. */
  #addAmounts(points: Points, from: number, to: number, firstDay: number): void {
    const first = this.#open(firstDay)
    for (let i = from; i < to; i++) {
      const start = points.t[i] as number
      const end = start + ((points.d as Float64Array)[i] as number)
      const offset = points.z ? (points.z[i] as number) : noOffset
      if (end === start) {
        first.addValues(points, i, i + 1)
        continue
      }
      let left = points.v[i] as number
      const perMs = left / (end - start)
      const quality = points.q ? (points.q[i] as number) : 0
      for (let day = firstDay, begin = start; begin < end; day++) {
        const until = Math.min(endOf(day, offset, this.#options.zone), end)
        if (until <= begin && until < end) continue // a date that was skipped
        const part = until === end ? left : perMs * (until - begin)
        this.#open(day).addPart(part, begin, until, offset, quality)
        left -= part
        begin = until
      }
    }
  }
}

const startOf = (day: number, offset: number, zone: Zone): number =>
  offset === noOffset ? zone.startOf(day) : day * dayMs - offset * minuteMs

const endOf = (day: number, offset: number, zone: Zone): number => startOf(day + 1, offset, zone)

class OpenDay {
  readonly day: number
  readonly #options: FigureOptions
  #n = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY
  #total = 0
  #first = Number.NaN
  #last = Number.NaN
  #lastAt = Number.NaN
  /** Of the value before, which holds until the next: its time, and the gap before it. */
  #before = Number.NaN
  #gap = 0
  #shortGaps = 0
  #weighted = 0
  #weight = 0
  #covered = 0
  #coveredTo = Number.NEGATIVE_INFINITY
  #qualitySum = 0
  #qualityN = 0
  #firstOffset = noOffset
  #lastOffset = noOffset

  constructor(day: number, options: FigureOptions) {
    this.day = day
    this.#options = options
  }

  /** Values that begin on this day and say no period to be shared out. */
  addValues(points: Points, from: number, to: number): void {
    const { t, v, d, q, z } = points
    this.#seenAt(z ? (z[from] as number) : noOffset, z ? (z[to - 1] as number) : noOffset)
    if (this.#n === 0) this.#first = v[from] as number
    let before = this.#before
    let last = this.#last
    for (let i = from; i < to; i++) {
      const time = t[i] as number
      const value = v[i] as number
      if (!Number.isNaN(before)) {
        const gap = time - before
        this.#gap = gap
        if (gap <= holdMs) this.#shortGaps++
        const held = Math.min(gap, holdMs)
        this.#weighted += last * held
        this.#weight += held
        this.#cover(before, before + held)
      }
      if (d && (d[i] as number) > 0) this.#cover(time, time + (d[i] as number))
      this.#total += value
      if (value < this.#min) this.#min = value
      if (value > this.#max) this.#max = value
      before = time
      last = value
    }
    if (q) for (let i = from; i < to; i++) this.#rate(q[i] as number)
    this.#n += to - from
    this.#before = before
    this.#lastAt = before
    this.#last = last
  }

  /** A part of an amount over a period. */
  addPart(part: number, begin: number, until: number, offset: number, quality: number): void {
    this.#seenAt(offset, offset)
    this.#n++
    this.#total += part
    this.#lastAt = begin
    this.#before = Number.NaN
    this.#cover(begin, until)
    this.#rate(quality)
  }

  finish(): DayFigure {
    const { kind, summed, zone } = this.#options
    const startAt = startOf(this.day, this.#firstOffset, zone)
    const endAt = Math.max(startAt, endOf(this.day, this.#lastOffset, zone))
    // Nothing follows the last value, so it is taken to hold as long as the one before it did.
    const held = Number.isNaN(this.#before) ? 0 : Math.max(0, Math.min(this.#gap, holdMs, endAt - this.#before))
    if (held) this.#cover(this.#before, this.#before + held)
    const isDense = kind === 'S' && this.#weight > 0 && this.#shortGaps * 2 >= this.#n - 1
    const amount = kind === 'I'
    const seconds = endAt - startAt
    return {
      day: this.day,
      n: this.#n,
      min: amount ? null : this.#min,
      max: amount ? null : this.#max,
      avg: amount
        ? null
        : isDense
          ? (this.#weighted + this.#last * held) / (this.#weight + held)
          : this.#total / this.#n,
      sum: amount || summed ? this.#total : null,
      first: amount ? null : this.#first,
      last: amount ? null : this.#last,
      lastAt: this.#lastAt,
      coverage: kind === 'E' ? null : seconds > 0 ? Math.min(1, this.#covered / seconds) : 1,
      quality: this.#qualityN ? this.#qualitySum / this.#qualityN : null,
      startAt,
      endAt,
    }
  }

  #seenAt(first: number, last: number): void {
    if (this.#n === 0) this.#firstOffset = first
    this.#lastOffset = last
  }

  #cover(begin: number, until: number): void {
    if (until <= this.#coveredTo) return
    this.#covered += until - Math.max(begin, this.#coveredTo)
    this.#coveredTo = until
  }

  #rate(code: number): void {
    if (!code) return
    const score = qualityScore(code)
    if (score === null) return
    this.#qualitySum += score
    this.#qualityN++
  }
}

/** The figure that the catalogue puts first; null where a metric has none for a day, or its values are words. */
export function headline(metric: MetricId, figure: Omit<DayFigure, 'day'>): number | null {
  switch (catalogue[metric].rollup[0]) {
    case 'avg':
      return figure.avg
    case 'min':
      return figure.min
    case 'max':
      return figure.max
    case 'sum':
      return figure.sum
    case 'last':
      return figure.last
    case 'count':
      return figure.n
    default:
      return null
  }
}
