/** Stored bytes back to points, day by day or as the columns of a long range. */
import { countOf, decode, decodeInto } from './codec.ts'
import { minMax } from './downsample.ts'
import { merge } from './merge.ts'
import { unpack } from './pack.ts'
import { arrayOf } from './pg-arrays.ts'
import { clipPoints, concatPoints, dayMs, dayOf, earliestMs, latestMs, type Points, pointsOf } from './points.ts'
import { countDays, countStored, nextDay, readDays } from './read.queries.ts'
import { ask, bytesOf, type Querier, type Row, type Statement } from './sql.ts'

/** What to read: points that begin at or after `from` and before `to`, in ms; both may be infinite. */
export interface Scope {
  userId: string
  seriesIds: readonly number[]
  from: number
  to: number
}

/** One series' points of one UTC day. */
export interface SeriesDay {
  seriesId: number
  /** Its number since 1970. */
  day: number
  points: Points
}

/** Runs one statement for a person, on whatever connection the caller's rules want. */
export type Reader = (userId: string, statement: Statement, values: unknown[]) => Promise<Row[]>

export const readerOn =
  (client: Querier): Reader =>
  (_, statement, values) =>
    ask(client, statement, values)

interface Span {
  first: number
  last: number
  values(first: number, last: number): unknown[]
}

/** A scope in whole days, or null when it is empty. */
function spanOf({ userId, seriesIds, from, to }: Scope): Span | null {
  const first = dayOf(Math.max(from, earliestMs))
  const last = dayOf(Math.min(to, latestMs) - 1)
  if (!(from < to) || last < first || seriesIds.length === 0) return null
  const ids = arrayOf('int8', seriesIds)
  return { first, last, values: (a, b) => [userId, ids, a, b] }
}

/** Series-days of one statement: a few days of many series, many of few. Bounds memory at some megabytes. */
const seriesDaysTogether = 256

/**
 * Days in order, oldest first; within a day in the order of `seriesIds`. Starts with one day and doubles while it is asked
 * on, so that who wants a page reads no more than a page, and who wants years does not ask for each day. Who knows that all
 * is wanted may start wider.
 */
export async function* readByDay(read: Reader, scope: Scope, firstWidth = 1): AsyncGenerator<SeriesDay> {
  const span = spanOf(scope)
  if (!span) return
  const widest = Math.max(1, Math.floor(seriesDaysTogether / scope.seriesIds.length))
  let width = Math.min(firstWidth, widest)
  for (let first = span.first; first <= span.last; ) {
    const last = Math.min(first + width - 1, span.last)
    const rows = await read(scope.userId, readDays, span.values(first, last))
    if (rows.length === 0) {
      const next = await read(scope.userId, nextDay, span.values(first, span.last))
      if (next[0]?.[0] == null) return
      first = Math.max(Number(next[0][0]), last + 1)
      continue
    }
    yield* inOrder(rows, scope)
    first = last + 1
    width = Math.min(width * 2, widest)
  }
}

function* inOrder(rows: Row[], { seriesIds, from, to }: Scope): Generator<SeriesDay> {
  const days = [...Map.groupBy(rows, (row) => Number(row[1]))].sort(([a], [b]) => a - b)
  for (const [day, ofDay] of days) {
    const bySeries = Map.groupBy(ofDay, (row) => Number(row[0]))
    for (const seriesId of seriesIds) {
      const points = clipPoints(mergeRows(bySeries.get(seriesId) ?? []), from, to)
      if (points.n > 0) yield { seriesId, day, points }
    }
  }
}

const stored = (row: Row): Buffer => unpack(bytesOf(row[3] ?? ''))

function mergeRows(rows: Row[]): Points {
  return merge(rows.sort((a, b) => Number(a[2]) - Number(b[2])).map((row) => decode(stored(row))))
}

/** Everything of one series in the scope. For ranges that are known to be short; a year of readings is for `readColumns`. */
export async function readAll(read: Reader, scope: Scope): Promise<Points> {
  const parts: Points[] = []
  for await (const { points } of readByDay(read, scope)) parts.push(points)
  return concatPoints(parts)
}

/** Days of one statement of `readColumns`. */
const columnDays = 400

/**
 * Times and values of one series over a long range, for a chart. When it has more than `most` points, each day is thinned by
 * its lowest and highest first, so that ten years of readings every second fit in memory and lose no peak.
 */
export async function readColumns(
  read: Reader,
  { userId, seriesId, from, to }: { userId: string; seriesId: number; from: number; to: number },
  most = 4_000_000,
): Promise<Points> {
  const scope = { userId, seriesIds: [seriesId], from, to }
  const span = spanOf(scope)
  if (!span) return concatPoints([])
  const parts: Points[] = []
  let begin: number | null = span.first
  let share = 1
  if (span.last - span.first >= columnDays) {
    const [counted] = await read(userId, countStored, span.values(span.first, span.last))
    share = most / Number(counted?.[0] ?? 0)
    begin = await firstDay(read, userId, span, span.first)
  }
  while (begin !== null && begin <= span.last) {
    const last: number = Math.min(begin + columnDays - 1, span.last)
    const rows = await read(userId, readDays, span.values(begin, last))
    parts.push(share < 1 ? thinDays(rows, share) : columnsOf(rows))
    begin = last === span.last ? null : await firstDay(read, userId, span, last + 1)
  }
  return clipPoints(concatPoints(parts), from, to)
}

async function firstDay(read: Reader, userId: string, span: Span, from: number): Promise<number | null> {
  const [row] = await read(userId, nextDay, span.values(from, span.last))
  return row?.[0] == null ? null : Number(row[0])
}

function byDay(rows: Row[]): Row[][] {
  return [...Map.groupBy(rows, (row) => Number(row[1]))].sort(([a], [b]) => a - b).map(([, ofDay]) => ofDay)
}

/** Days that are one chunk, nearly all, are decoded straight into place. */
function columnsOf(rows: Row[]): Points {
  const days = byDay(rows).map((ofDay) => (ofDay.length === 1 ? stored(ofDay[0] as Row) : mergeRows(ofDay)))
  const room = days.reduce((sum, day) => sum + (Buffer.isBuffer(day) ? countOf(day) : day.n), 0)
  const t = new Float64Array(room)
  const v = new Float64Array(room)
  let at = 0
  for (const day of days) {
    if (Buffer.isBuffer(day)) at += decodeInto(day, t, v, at)
    else {
      t.set(day.t, at)
      v.set(day.v, at)
      at += day.n
    }
  }
  return pointsOf(t, v)
}

function thinDays(rows: Row[], share: number): Points {
  return concatPoints(
    byDay(rows).map((ofDay) => {
      const { n, t, v } = mergeRows(ofDay)
      return minMax(pointsOf(t, v), Math.max(2, Math.floor(n * share)))
    }),
  )
}

/** Exactly how many points the scope has. Whole compacted days are counted by their headers, the others are decoded. */
export async function countPoints(read: Reader, scope: Scope): Promise<number> {
  const span = spanOf(scope)
  if (!span) return 0
  const { userId, seriesIds, from, to } = scope
  const firstWhole = span.first * dayMs < from ? span.first + 1 : span.first
  const lastWhole = (span.last + 1) * dayMs > to ? span.last - 1 : span.last
  if (lastWhole < firstWhole) return countDecoded(read, scope)
  let count = await countDecoded(read, { ...scope, to: Math.min(to, firstWhole * dayMs) })
  count += await countDecoded(read, { ...scope, from: Math.max(from, (lastWhole + 1) * dayMs) })
  const rows = await read(userId, countDays, span.values(firstWhole, lastWhole))
  const hot = rows.filter(([n]) => n === null)
  for (const [n] of rows) count += Number(n ?? 0)
  for (const seriesId of seriesIds) {
    const days = hot.filter(([, id]) => Number(id) === seriesId).map(([, , day]) => Number(day))
    for (const { first, last } of stretchesOf(days))
      count += await countDecoded(read, { userId, seriesIds: [seriesId], from: first * dayMs, to: (last + 1) * dayMs })
  }
  return count
}

async function countDecoded(read: Reader, scope: Scope): Promise<number> {
  let count = 0
  for await (const { points } of readByDay(read, scope)) count += points.n
  return count
}

/** Days as stretches of neighbours. */
function stretchesOf(days: number[]): { first: number; last: number }[] {
  const stretches: { first: number; last: number }[] = []
  for (const day of days.sort((a, b) => a - b)) {
    const stretch = stretches.at(-1)
    if (stretch?.last === day - 1) stretch.last = day
    else stretches.push({ first: day, last: day })
  }
  return stretches
}
