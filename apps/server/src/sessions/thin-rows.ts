/**
 * Thins joined streams to a number of rows for a chart, by largest triangles (LTTB) over all columns at once: the rows are cut into
 * equal buckets, and of each the row stays that stands out most, each stream measured against its own range. So all streams keep
 * one time column, and every value shown was measured; only a stream that the row kept has no value of takes the nearest one of
 * the bucket, lest a slow sensor vanish beside a fast one.
 */
import type { JoinedStreams } from './join-streams.ts'

export function thinRows(joined: JoinedStreams, most: number): JoinedStreams {
  const { time } = joined
  if (time.length <= most) return joined
  const columns = [...joined.columns].map(([name, values]) => ({ name, values, range: rangeOf(values) }))
  const buckets = cut(time.length, most)
  const kept: number[] = []
  for (const [i, bucket] of buckets.entries()) {
    const before = kept.at(-1)
    const after = buckets[i + 1]
    if (before === undefined || !after) kept.push(bucket.from)
    else kept.push(rowThatStandsOut(time, columns, before, bucket, after))
  }
  return {
    time: Float64Array.from(kept, (row) => time[row] as number),
    columns: new Map(
      columns.map(({ name, values }) => [
        name,
        Float64Array.from(kept, (row, i) => valueNear(values, row, buckets[i] ?? { from: row, to: row + 1 })),
      ]),
    ),
  }
}

interface Bucket {
  from: number
  to: number
}

/** The first and the last row alone, the others in equal shares. */
function cut(rows: number, most: number): Bucket[] {
  const share = (rows - 2) / (most - 2)
  const inner = Array.from({ length: most - 2 }, (_, i) => ({
    from: 1 + Math.floor(i * share),
    to: 1 + Math.floor((i + 1) * share),
  }))
  return [{ from: 0, to: 1 }, ...inner, { from: rows - 1, to: rows }]
}

interface RangedColumn {
  values: Float64Array
  range: number
}

function rowThatStandsOut(
  time: Float64Array,
  columns: RangedColumn[],
  before: number,
  bucket: Bucket,
  after: Bucket,
): number {
  const nextTime = meanOf(time, after)
  const areas = new Float64Array(bucket.to - bucket.from)
  for (const { values, range } of columns) {
    const next = meanOf(values, after)
    const last = values[before] as number
    if (range === 0 || Number.isNaN(next) || Number.isNaN(last)) continue
    for (let row = bucket.from; row < bucket.to; row++) {
      const value = values[row] as number
      if (Number.isNaN(value)) continue
      const width = ((time[before] as number) - nextTime) * (value - last)
      const height = ((time[before] as number) - (time[row] as number)) * (next - last)
      areas[row - bucket.from] = (areas[row - bucket.from] as number) + Math.abs(width - height) / range
    }
  }
  let best = 0
  for (let i = 1; i < areas.length; i++) if ((areas[i] as number) > (areas[best] as number)) best = i
  return bucket.from + best
}

function meanOf(values: Float64Array, { from, to }: Bucket): number {
  let sum = 0
  let n = 0
  for (let row = from; row < to; row++) {
    const value = values[row] as number
    if (Number.isNaN(value)) continue
    sum += value
    n++
  }
  return n ? sum / n : Number.NaN
}

function rangeOf(values: Float64Array): number {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return most > least ? most - least : 0
}

function valueNear(values: Float64Array, row: number, { from, to }: Bucket): number {
  for (let distance = 0; distance < to - from; distance++) {
    for (const near of [row - distance, row + distance]) {
      const value = near >= from && near < to ? (values[near] as number) : Number.NaN
      if (!Number.isNaN(value)) return value
    }
  }
  return Number.NaN
}
