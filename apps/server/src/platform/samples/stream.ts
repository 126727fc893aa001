/** A flush seen by series: what it brings to each, and what that counts as. Pure. */
import type { Arrival, Slice } from './arrival.ts'
import { compare, type SliceTally } from './compare.ts'
import { merge } from './merge.ts'
import type { Ordered } from './order.ts'
import { clipPoints, dayMs, dayOf, noOffset, type Points } from './points.ts'
import { splitByDay } from './segments.ts'

/** An arrival whose slices are in order. */
export interface Prepared extends Arrival {
  slices: (Slice & Ordered)[]
}

export type Tallies = ReadonlyMap<Prepared, SliceTally[]>

/** What a flush brings to one series. */
export interface Stream {
  userId: string
  seriesId: number
  /** In the order in which they arrived; `place` is the slice's in its arrival. */
  slices: { points: Points; arrival: Prepared; place: number }[]
  first: number
  last: number
}

/** What the series' lock tells. */
export interface Locked extends Stream {
  /** The number of this flush in the series. */
  seq: number
  /** The time of the newest point there was; −∞ when there was none. */
  newest: number
  /** The day of `last` is marked dirty already … */
  marked: boolean
  /** … and none of its segments is longer than this. */
  spanMs: number
}

/** In key order, which is the order of locking everywhere. */
export function bySeries(arrivals: readonly Prepared[]): Stream[] {
  const streams = new Map<number, Stream>()
  for (const arrival of arrivals) {
    for (const [place, { seriesId, points }] of arrival.slices.entries()) {
      if (points.n === 0) continue
      const stream = streams.get(seriesId) ?? newStream(arrival.userId, seriesId)
      if (stream.userId !== arrival.userId) throw new Error(`series ${seriesId} was sent for two people`)
      streams.set(seriesId, stream)
      stream.slices.push({ points, arrival, place })
      stream.first = Math.min(stream.first, points.t[0] as number)
      stream.last = Math.max(stream.last, points.t[points.n - 1] as number)
    }
  }
  return [...streams.values()].sort((a, b) => compareText(a.userId, b.userId) || a.seriesId - b.seriesId)
}

const newStream = (userId: string, seriesId: number): Stream => ({
  userId,
  seriesId,
  slices: [],
  first: Number.POSITIVE_INFINITY,
  last: Number.NEGATIVE_INFINITY,
})

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What the lock writes to `latest`: the newest point (of the same time the one that arrived last), its day and reach. */
export function latestRow({ userId, seriesId, slices, first, last }: Stream): unknown[] {
  const slice = slices.findLast(({ points }) => points.t[points.n - 1] === last)
  if (!slice) throw new Error('a stream ends with the last point of one of its slices')
  const openDay = dayOf(last)
  return [userId, seriesId, ...latestValues(slice.points), openDay, last - Math.max(first, openDay * dayMs)]
}

/** The last point as `latest` keeps it: time, value, duration, quality, offset. */
export function latestValues({ t, v, d, q, z, n }: Points): unknown[] {
  const offset = z?.[n - 1] ?? noOffset
  return [t[n - 1], v[n - 1], d?.[n - 1] ?? 0, q?.[n - 1] ?? 0, offset === noOffset ? null : offset]
}

/** Some of the stream is not newer than all there was: only then can it meet stored points. */
export const isLate = ({ first, newest }: Locked): boolean => first <= newest

/** Where stored points may collide with those of a late stream: rows of user, series, day, since, from, to. */
export function daysToSearch({ userId, seriesId, slices, newest, last: newestSent, spanMs }: Locked): unknown[][] {
  const spans = new Map<number, { first: number; last: number }>()
  for (const slice of slices) {
    if ((slice.points.t[0] as number) > newest) continue
    for (const { day, points } of splitByDay(slice.points)) {
      const span = spans.get(day) ?? { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY }
      spans.set(day, span)
      span.first = Math.min(span.first, points.t[0] as number)
      span.last = Math.max(span.last, points.t[points.n - 1] as number)
    }
  }
  return [...spans].flatMap(([day, { first, last }]) => {
    if (first > newest) return []
    const since = day === dayOf(newestSent) ? Math.max(day * dayMs, first - spanMs) : day * dayMs
    return [[userId, seriesId, day, since, first, last]]
  })
}

/** A tally for each slice of each arrival, holding what putting the request in order has counted already. */
export const newTallies = (arrivals: readonly Prepared[]): Tallies =>
  new Map(
    arrivals.map((arrival) => [
      arrival,
      arrival.slices.map(({ duplicates, changed }) => ({ accepted: 0, duplicates, changed })),
    ]),
  )

/** Counts each slice against what was known before it arrived, and answers what of them is to be stored. */
export const settle = ({ slices }: Stream, known: Points, tallies: Tallies): Points =>
  merge(apart(slices).flatMap((group) => settleGroup(group, known, tallies)))

type Slices = Stream['slices']

/**
 * Slices that reach into one another, in the order in which they arrived; groups share no time. What is told newest first, one value
 * a slice, falls behind at each of them, and to put all there was together again for each would take their number squared.
 */
function apart(slices: Slices): Slices[] {
  const byStart = [...slices.entries()].sort(([, a], [, b]) => firstOf(a) - firstOf(b))
  const groups: [number, Slices[number]][][] = []
  let end = Number.NEGATIVE_INFINITY
  for (const entry of byStart) {
    if (firstOf(entry[1]) > end) groups.push([])
    groups.at(-1)?.push(entry)
    end = Math.max(end, lastOf(entry[1]))
  }
  return groups.map((group) => group.sort(([a], [b]) => a - b).map(([, slice]) => slice))
}

const firstOf = ({ points }: Slices[number]): number => points.t[0] as number
const lastOf = ({ points }: Slices[number]): number => points.t[points.n - 1] as number

function settleGroup(slices: Slices, known: Points, tallies: Tallies): Points[] {
  const parts: Points[] = []
  const first = slices.reduce((time, slice) => Math.min(time, firstOf(slice)), Number.POSITIVE_INFINITY)
  const last = slices.reduce((time, slice) => Math.max(time, lastOf(slice)), Number.NEGATIVE_INFINITY)
  const near = clipPoints(known, first, last + 1)
  let end = Number.NEGATIVE_INFINITY
  let all = near
  let merged = 0
  for (const { points, arrival, place } of slices) {
    // Only a slice that reaches behind those before it can meet their points.
    const behind = (points.t[0] as number) <= end
    if (behind && merged < parts.length) {
      all = merge([all, ...parts.slice(merged)])
      merged = parts.length
    }
    const { tally, fresh } = compare(points, behind ? all : near)
    end = Math.max(end, points.t[points.n - 1] as number)
    if (fresh.n > 0) parts.push(fresh)
    const told = tallies.get(arrival)?.[place]
    if (told) add(told, tally)
  }
  return parts
}

function add(to: SliceTally, more: SliceTally): void {
  to.accepted += more.accepted
  to.duplicates += more.duplicates
  to.changed += more.changed
}
