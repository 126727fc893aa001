/**
 * One transaction for many arrivals: guards → lock and number each series → look for overlaps where there can be any →
 * segments, dirty days and the callers' own rows → commit. Deadlocks are avoided by order: guards by key, then series by key.
 */
import type { Arrival, FlushExtra, Slice } from './arrival.ts'
import { decode } from './codec.ts'
import { compare, type SliceTally } from './compare.ts'
import { type FlushStatement, findOverlaps, insertSegments, lockAndNumber, markDirty } from './flush.queries.ts'
import { merge } from './merge.ts'
import type { Ordered } from './order.ts'
import { unpack } from './pack.ts'
import { arrayOf } from './pg-arrays.ts'
import { dayMs, dayOf, noOffset, noPoints, type Points } from './points.ts'
import { encodeSegments, splitByDay } from './segments.ts'
import { ask, bytesOf, type Querier, type Row } from './sql.ts'

/** An arrival whose slices are in order. */
export interface Prepared extends Arrival {
  slices: (Slice & Ordered)[]
}

/** Tallies of the slices of each arrival, or the guard that was taken. */
export type Outcome = { tallies: SliceTally[] } | { taken: string }

/** All that a flush does between `begin` and `commit`. */
export async function storeArrivals(client: Querier, arrivals: readonly Prepared[], now: number): Promise<Outcome[]> {
  const taken = await takeGuards(client, arrivals)
  const kept = arrivals.filter((arrival) => !taken.has(arrival))
  const streams = bySeries(kept)
  await lockSeries(client, streams)
  await findKnown(client, streams)
  const tallies = new Map(kept.map((arrival) => [arrival, arrival.slices.map(withinRequest)]))
  for (const stream of streams) settle(stream, tallies)
  await writeSegments(client, streams, now)
  await writeExtras(client, kept, tallies)
  return arrivals.map((arrival) => {
    const stored = tallies.get(arrival)
    return stored ? { tallies: stored } : { taken: arrival.guard?.key ?? '' }
  })
}

/** Inserts the guards, and says whose were there already or came twice in this flush. */
async function takeGuards(client: Querier, arrivals: readonly Prepared[]): Promise<Set<Prepared>> {
  const taken = new Set<Prepared>()
  const first = new Map<string, Prepared>()
  for (const arrival of arrivals) {
    if (!arrival.guard) continue
    if (first.has(arrival.guard.key)) taken.add(arrival)
    else first.set(arrival.guard.key, arrival)
  }
  const holders = [...first.values()].sort((a, b) => compareText(a.guard?.key ?? '', b.guard?.key ?? ''))
  const byStatement = Map.groupBy(holders, (arrival) => arrival.guard?.statement)
  for (const [statement, group] of byStatement) {
    if (!statement) continue
    const rows = await insert(
      client,
      statement,
      group.map((arrival) => arrival.guard?.row ?? []),
    )
    const fresh = new Set(rows.map(([key]) => key))
    for (const arrival of group) if (!fresh.has(arrival.guard?.key ?? '')) taken.add(arrival)
  }
  return taken
}

/** What a flush brings to one series. */
interface Stream {
  userId: string
  seriesId: number
  /** In the order in which they arrived. */
  slices: { points: Points; arrival: Prepared; place: number }[]
  first: number
  last: number
  /** The number of this flush in the series. */
  seq: number
  /** The time of the newest point there was; −∞ when there was none. */
  newest: number
  /** The day of `last` is marked dirty already … */
  marked: boolean
  /** … and none of its segments is longer than this. */
  spanMs: number
  /** Stored points at the times of the slices, as far as they can collide. */
  known: Points
  fresh: Points
}

/** In key order, which is the order of locking everywhere. */
function bySeries(arrivals: readonly Prepared[]): Stream[] {
  const streams = new Map<number, Stream>()
  for (const arrival of arrivals) {
    arrival.slices.forEach(({ seriesId, points }, place) => {
      if (points.n === 0) return
      const first = points.t[0] as number
      const last = points.t[points.n - 1] as number
      const stream = streams.get(seriesId)
      if (!stream) {
        const { userId } = arrival
        const slices = [{ points, arrival, place }]
        const none = noPoints()
        streams.set(seriesId, {
          userId,
          seriesId,
          slices,
          first,
          last,
          seq: 0,
          newest: 0,
          marked: false,
          spanMs: dayMs,
          known: none,
          fresh: none,
        })
        return
      }
      if (stream.userId !== arrival.userId) throw new Error(`series ${seriesId} was sent for two people`)
      stream.slices.push({ points, arrival, place })
      if (first < stream.first) stream.first = first
      if (last > stream.last) stream.last = last
    })
  }
  return [...streams.values()].sort((a, b) => compareText(a.userId, b.userId) || a.seriesId - b.seriesId)
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function lockSeries(client: Querier, streams: readonly Stream[]): Promise<void> {
  if (streams.length === 0) return
  const rows = await insert(client, lockAndNumber, streams.map(latestRow))
  const answers = new Map(rows.map((row) => [Number(row[0]), row]))
  for (const stream of streams) {
    const row = answers.get(stream.seriesId)
    if (!row) throw new Error(`series ${stream.seriesId} was not locked`)
    stream.seq = Number(row[1])
    stream.newest = row[2] === null ? Number.NEGATIVE_INFINITY : Number(row[2])
    stream.marked = Number(row[3]) > 1
    stream.spanMs = Number(row[4])
  }
}

/** The newest point of a stream; of the same time the one that arrived last. */
function latestRow({ userId, seriesId, slices, first, last }: Stream): unknown[] {
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

/** Reads what is stored at the days and times of slices that are not wholly newer than all there was. */
async function findKnown(client: Querier, streams: readonly Stream[]): Promise<void> {
  const late = streams.filter((stream) => stream.first <= stream.newest)
  if (late.length === 0) return
  const rows = await insert(client, findOverlaps, late.flatMap(daysToSearch))
  const found = Map.groupBy(rows, ([seriesId]) => Number(seriesId))
  for (const stream of late) stream.known = merge(readStored(found.get(stream.seriesId) ?? []))
}

function daysToSearch({ userId, seriesId, slices, newest, last: newestSent, spanMs }: Stream): unknown[][] {
  const spans = new Map<number, [number, number]>()
  for (const slice of slices) {
    if ((slice.points.t[0] as number) > newest) continue
    for (const { day, points } of splitByDay(slice.points)) {
      const first = points.t[0] as number
      const last = points.t[points.n - 1] as number
      const span = spans.get(day)
      if (!span) spans.set(day, [first, last])
      else spans.set(day, [Math.min(span[0], first), Math.max(span[1], last)])
    }
  }
  return [...spans].flatMap(([day, [first, last]]) => {
    if (first > newest) return []
    const since = day === dayOf(newestSent) ? Math.max(day * dayMs, first - spanMs) : day * dayMs
    return [[userId, seriesId, day, since, first, last]]
  })
}

/** Rows of (series, seq, bytes) as points, oldest first. */
function readStored(rows: Row[]): Points[] {
  return rows.sort((a, b) => Number(a[1]) - Number(b[1])).map(([, , bytes]) => decode(unpack(bytesOf(bytes ?? ''))))
}

/** Counts each slice against what was known before it, and keeps what is new. */
function settle(stream: Stream, tallies: Map<Prepared, SliceTally[]>): void {
  const parts: Points[] = []
  let end = Number.NEGATIVE_INFINITY
  let all = stream.known
  let merged = 0
  for (const { points, arrival, place } of stream.slices) {
    // Only a slice that reaches behind those before it can meet their points.
    const behind = (points.t[0] as number) <= end
    if (behind && merged < parts.length) {
      all = merge([all, ...parts.slice(merged)])
      merged = parts.length
    }
    const { tally, fresh } = compare(points, behind ? all : stream.known)
    end = Math.max(end, points.t[points.n - 1] as number)
    if (fresh.n > 0) parts.push(fresh)
    const told = tallies.get(arrival)?.[place]
    if (told) add(told, tally)
  }
  stream.fresh = merge(parts)
}

/** What putting the request itself in order has counted already. */
const withinRequest = ({ duplicates, changed }: Ordered): SliceTally => ({ accepted: 0, duplicates, changed })

function add(to: SliceTally, more: SliceTally): void {
  to.accepted += more.accepted
  to.duplicates += more.duplicates
  to.changed += more.changed
}

async function writeSegments(client: Querier, streams: readonly Stream[], now: number): Promise<void> {
  const segments: unknown[][] = []
  const days: unknown[][] = []
  for (const { userId, seriesId, seq, last, marked, fresh } of streams) {
    const openDay = dayOf(last)
    // The lock has noted the last day as marked, so it must be, even if all its points turn out to be known.
    if (!marked) days.push([userId, seriesId, openDay, now])
    for (const { day, points } of splitByDay(fresh)) {
      if (day !== openDay) days.push([userId, seriesId, day, now])
      for (const { points: part, bytes } of encodeSegments(points))
        segments.push([userId, seriesId, part.t[0], seq, part.t[part.n - 1], part.n, bytes])
    }
  }
  if (segments.length > 0) await insert(client, insertSegments, segments)
  if (days.length > 0) await insert(client, markDirty, days)
}

async function writeExtras(
  client: Querier,
  arrivals: readonly Prepared[],
  tallies: ReadonlyMap<Prepared, SliceTally[]>,
): Promise<void> {
  const rows = new Map<FlushStatement, unknown[][]>()
  const rowOf = ({ row }: FlushExtra, arrival: Prepared) =>
    typeof row === 'function' ? row(tallies.get(arrival) ?? []) : row
  for (const arrival of arrivals) {
    for (const extra of arrival.extras ?? []) {
      const told = rows.get(extra.statement)
      if (told) told.push(rowOf(extra, arrival))
      else rows.set(extra.statement, [rowOf(extra, arrival)])
    }
  }
  for (const [statement, list] of rows) await insert(client, statement, list)
}

/** Runs a statement whose parameters are columns. */
export function insert(client: Querier, statement: FlushStatement, rows: readonly unknown[][]): Promise<Row[]> {
  const columns = statement.types.map((type, column) =>
    arrayOf(
      type,
      rows.map((row) => row[column]),
    ),
  )
  return ask(client, statement, columns)
}
