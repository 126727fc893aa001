/**
 * One transaction for many arrivals: guards → lock and number each series → look for overlaps where there can be any →
 * segments, dirty days and the callers' own rows. Deadlocks are avoided by order: guards by key, then series by key.
 */
import type { FlushExtra } from './arrival.ts'
import { decode } from './codec.ts'
import type { SliceTally } from './compare.ts'
import { type FlushStatement, findOverlaps, insertSegments, lockAndNumber, markDirty } from './flush.queries.ts'
import { takeGuards } from './guards.ts'
import { insert } from './insert.ts'
import { merge } from './merge.ts'
import { unpack } from './pack.ts'
import { dayOf, noPoints, type Points } from './points.ts'
import { encodeSegments, splitByDay } from './segments.ts'
import { bytesOf, type Querier, type Row } from './sql.ts'
import {
  bySeries,
  daysToSearch,
  isLate,
  type Locked,
  latestRow,
  newTallies,
  type Prepared,
  type Stream,
  settle,
  type Tallies,
} from './stream.ts'

/** Tallies of the slices of an arrival, or the guard that was taken. */
export type Outcome = { tallies: SliceTally[] } | { taken: string }

const nothing = noPoints()
const noneTaken: ReadonlySet<Prepared> = new Set()

export interface Stored {
  outcomes: Outcome[]
  /** Sends the rows, and waits for none: a flush costs few round trips, whatever it writes. */
  writes(): Promise<unknown>[]
}

/** All that a flush does between `begin` and `commit`, but for the writes, which go out together with the latter. */
export async function storeArrivals(client: Querier, arrivals: readonly Prepared[], now: number): Promise<Stored> {
  const taken = arrivals.some(({ guard }) => guard) ? await takeGuards(client, arrivals) : noneTaken
  const kept = arrivals.filter((arrival) => !taken.has(arrival))
  const tallies = newTallies(kept)
  const streams = await lock(client, bySeries(kept))
  const known = await findKnown(client, streams.filter(isLate))
  const fresh = streams.map((stream) => settle(stream, known.get(stream.seriesId) ?? nothing, tallies))
  const outcomes = arrivals.map((arrival) => {
    const stored = tallies.get(arrival)
    return stored ? { tallies: stored } : { taken: arrival.guard?.key ?? '' }
  })
  return {
    outcomes,
    writes: () => [...writeSegments(client, streams, fresh, now), ...writeExtras(client, kept, tallies)],
  }
}

async function lock(client: Querier, streams: readonly Stream[]): Promise<Locked[]> {
  if (streams.length === 0) return []
  const rows = await insert(client, lockAndNumber, streams.map(latestRow))
  const answers = new Map(rows.map(([seriesId, ...told]) => [Number(seriesId), told]))
  return streams.map((stream) => {
    const told = answers.get(stream.seriesId)
    if (!told) throw new Error(`series ${stream.seriesId} was not locked`)
    const [seq, before, openSegments, spanMs] = told
    return {
      ...stream,
      seq: Number(seq),
      newest: before === null ? Number.NEGATIVE_INFINITY : Number(before),
      marked: Number(openSegments) > 1,
      spanMs: Number(spanMs),
    }
  })
}

/** Stored points at the days and times of late streams, by series. */
async function findKnown(client: Querier, late: readonly Locked[]): Promise<Map<number, Points>> {
  if (late.length === 0) return new Map()
  const rows = await insert(client, findOverlaps, late.flatMap(daysToSearch))
  const bySeries = Map.groupBy(rows, ([seriesId]) => Number(seriesId))
  return new Map([...bySeries].map(([seriesId, found]) => [seriesId, merge(readStored(found))]))
}

/** Rows of (series, seq, bytes) as points, oldest first. */
function readStored(rows: Row[]): Points[] {
  return rows.sort((a, b) => Number(a[1]) - Number(b[1])).map(([, , bytes]) => decode(unpack(bytesOf(bytes ?? ''))))
}

function writeSegments(
  client: Querier,
  streams: readonly Locked[],
  fresh: readonly Points[],
  now: number,
): Promise<unknown>[] {
  const segments: unknown[][] = []
  const days: unknown[][] = []
  for (const [i, { userId, seriesId, seq, last, marked }] of streams.entries()) {
    const openDay = dayOf(last)
    // The lock has noted the last day as marked, so it must be, even if all its points turn out to be known.
    if (!marked) days.push([userId, seriesId, openDay, now])
    for (const { day, points } of splitByDay(fresh[i] ?? nothing)) {
      if (day !== openDay) days.push([userId, seriesId, day, now])
      for (const { points: part, bytes } of encodeSegments(points))
        segments.push([userId, seriesId, part.t[0], seq, part.t[part.n - 1], part.n, bytes])
    }
  }
  return [
    ...(segments.length > 0 ? [insert(client, insertSegments, segments)] : []),
    ...(days.length > 0 ? [insert(client, markDirty, days)] : []),
  ]
}

/** The callers' own rows, those of one statement together. */
function writeExtras(client: Querier, arrivals: readonly Prepared[], tallies: Tallies): Promise<unknown>[] {
  const rows = new Map<FlushStatement, unknown[][]>()
  for (const arrival of arrivals) {
    for (const extra of arrival.extras ?? []) {
      const row = rowOf(extra, tallies.get(arrival) ?? [])
      const group = rows.get(extra.statement)
      if (group) group.push(row)
      else rows.set(extra.statement, [row])
    }
  }
  return [...rows].map(([statement, group]) => insert(client, statement, group))
}

const rowOf = ({ row }: FlushExtra, tallies: SliceTally[]): unknown[] =>
  typeof row === 'function' ? row(tallies) : row
