/** A series as a chart wants it: a number of points, or one a stretch of time. */
import { catalogue, isMetric, type MetricId } from '@tributary/protocol'
import { DayFigures, figureOptions } from '../platform/days/day-figures.ts'
import type { Zone } from '../platform/days/zone.ts'
import { instantOf } from '../platform/instant.ts'
import { type Bucket, buckets } from '../platform/samples/buckets.ts'
import { lttb, minMax } from '../platform/samples/downsample.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import type { WirePoint } from './entries.ts'
import type { Range } from './selection.ts'

export interface Shape {
  resolution?: string | undefined
  points?: number | undefined
  method: 'minmax' | 'lttb'
}

const minute = 60_000
const resolutionMs: Record<string, number> = {
  '1m': minute,
  '5m': 5 * minute,
  '15m': 15 * minute,
  '30m': 30 * minute,
  '1h': 60 * minute,
  '6h': 360 * minute,
}

export const isSummed = ({ resolution, points }: Shape): boolean =>
  points !== undefined || (resolution !== undefined && resolution !== 'raw')

export interface Summary {
  /** Samples in the range before they were summed up. */
  n: number
  values: WirePoint[]
}

export async function summarise(
  store: SampleStore,
  series: { userId: string; seriesId: number; metric: string },
  range: Range,
  shape: Shape,
  zone: Zone,
): Promise<Summary> {
  if (shape.points !== undefined) return asPoints(store, series, range, shape.points, shape.method)
  if (shape.resolution === '1d' && isMetric(series.metric))
    return inLocalDays(store, { ...series, metric: series.metric }, range, zone)
  return inBuckets(store, series, range, resolutionMs[shape.resolution ?? ''] ?? minute)
}

/** Days are the person's own, by the zone they were in: the same figures as `GET /api/v1/days`, of what lies in the range. */
async function inLocalDays(
  store: SampleStore,
  { userId, seriesId, metric }: { userId: string; seriesId: number; metric: MetricId },
  { from, to }: Range,
  zone: Zone,
): Promise<Summary> {
  const amount = catalogue[metric].kind[0] === 'I'
  const figures = new DayFigures(figureOptions(metric, zone, amount ? 'I' : 'S'))
  let n = 0
  for await (const { points } of store.read({ userId, seriesIds: [seriesId], from, to })) {
    n += points.n
    figures.add(points)
  }
  const values = figures.finish().map(
    ({ startAt, endAt, n: own, min, max, avg, sum }): WirePoint => ({
      timestamp: instantOf(startAt as number),
      end: instantOf(endAt as number),
      value: amount ? sum : avg,
      n: own,
      ...(min === null || max === null ? {} : { min, max }),
      ...(amount ? { sum } : {}),
    }),
  )
  return { n, values }
}

async function asPoints(
  store: SampleStore,
  { userId, seriesId }: { userId: string; seriesId: number },
  { from, to }: Range,
  n: number,
  method: Shape['method'],
): Promise<Summary> {
  const all = await store.readColumns({ userId, seriesId, from, to })
  const chosen = method === 'lttb' ? lttb(all, n) : minMax(all, n)
  const values: WirePoint[] = []
  for (let i = 0; i < chosen.n; i++)
    values.push({ timestamp: instantOf(chosen.t[i] as number), value: chosen.v[i] as number })
  return { n: all.n, values }
}

/** Day by day, so that a year of readings each second never stands in memory at once. Buckets are counted from 1970 UTC. */
async function inBuckets(
  store: SampleStore,
  { userId, seriesId, metric }: { userId: string; seriesId: number; metric: string },
  { from, to }: Range,
  length: number,
): Promise<Summary> {
  const found = new Map<number, Bucket>()
  let n = 0
  for await (const { points } of store.read({ userId, seriesIds: [seriesId], from, to })) {
    n += points.n
    const base = Math.floor((points.t[0] as number) / length) * length
    for (const bucket of buckets(points, length, base)) found.set(bucket.t, join(found.get(bucket.t), bucket))
  }
  const amount = isMetric(metric) && catalogue[metric].kind[0] === 'I'
  return {
    n,
    values: [...found.values()].sort((a, b) => a.t - b.t).map((bucket) => bucketPoint(bucket, length, amount)),
  }
}

function join(a: Bucket | undefined, b: Bucket): Bucket {
  if (!a) return b
  const n = a.n + b.n
  return {
    t: a.t,
    n,
    min: least(a.min, b.min),
    max: a.max === null ? b.max : b.max === null ? a.max : Math.max(a.max, b.max),
    avg: n === 0 ? null : ((a.avg ?? 0) * a.n + (b.avg ?? 0) * b.n) / n,
    first: a.first ?? b.first,
    last: b.last ?? a.last,
    sum: a.sum + b.sum,
  }
}

const least = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b))

/** Of an amount the value is its sum in the stretch, of a gauge its mean. */
function bucketPoint({ t, n, min, max, avg, sum }: Bucket, length: number, amount: boolean): WirePoint {
  const spread = min === null || max === null ? {} : { min, max }
  return {
    timestamp: instantOf(t),
    end: instantOf(t + length),
    value: amount ? sum : avg,
    n,
    ...spread,
    ...(amount ? { sum } : {}),
  }
}
