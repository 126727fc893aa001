import type { Points } from './points.ts'

export interface Bucket {
  /** Start of the bucket, ms. */
  t: number
  /** Points that begin in it; 0 when an earlier interval only reaches into it. */
  n: number
  /** Of the points that begin in it; null when there are none. */
  min: number | null
  max: number | null
  avg: number | null
  first: number | null
  last: number | null
  /** Of amounts over a period, the part that falls into the bucket; of instants, all of it. */
  sum: number
}

/**
 * Ascending points by stretches of `resolutionMs`, counted from `from`; empty stretches are left out. An amount over a period
 * that crosses a border is shared out in proportion to time, so the buckets' sums add up to the points' sum.
 */
export function buckets(points: Points, resolutionMs: number, from: number): Bucket[] {
  if (!(resolutionMs > 0)) throw new RangeError(`a bucket of ${resolutionMs} ms`)
  const found = new Map<number, Bucket>()
  const at = (place: number): Bucket => {
    const known = found.get(place)
    if (known) return known
    const t = from + place * resolutionMs
    const made: Bucket = { t, n: 0, min: null, max: null, avg: null, first: null, last: null, sum: 0 }
    found.set(place, made)
    return made
  }
  let current: Bucket | null = null
  for (let i = 0; i < points.n; i++) {
    const t = points.t[i] as number
    const value = points.v[i] as number
    const length = points.d ? (points.d[i] as number) : 0
    const place = Math.floor((t - from) / resolutionMs)
    if (current === null || t >= current.t + resolutionMs) current = at(place)
    begin(current, value)
    if (t + length <= current.t + resolutionMs) current.sum += value
    else share(at, place, { t, length, value }, from, resolutionMs)
  }
  const ascending = [...found.values()].sort((a, b) => a.t - b.t)
  for (const bucket of ascending) if (bucket.avg !== null) bucket.avg /= bucket.n
  return ascending
}

/** Takes up a value that begins in the bucket; `avg` holds the total until the end. */
function begin(bucket: Bucket, value: number): void {
  bucket.n++
  bucket.first ??= value
  bucket.last = value
  bucket.min = bucket.min === null || value < bucket.min ? value : bucket.min
  bucket.max = bucket.max === null || value > bucket.max ? value : bucket.max
  bucket.avg = (bucket.avg ?? 0) + value
}

/** Gives each bucket that an interval touches its part; the last takes the rest, so that nothing is lost to rounding. */
function share(
  at: (place: number) => Bucket,
  first: number,
  { t, length, value }: { t: number; length: number; value: number },
  from: number,
  resolutionMs: number,
): void {
  let left = value
  for (let place = first, start = t; start < t + length; place++) {
    const end = Math.min(from + (place + 1) * resolutionMs, t + length)
    const part = end === t + length ? left : value * ((end - start) / length)
    at(place).sum += part
    left -= part
    start = end
  }
}
