/**
 * Folds the segments of days that are over into one chunk row each. May run in several processes at once and be killed at
 * any moment: a day is taken apart and put together in one transaction, under the series' lock.
 */

import { clearDirty, findCompactable, lockSeries, markUnresolved } from './day.queries.ts'
import { chunksOf, putDays, type SeriesKey, takeDays } from './days.ts'
import { isConnectionLoss } from './errors.ts'
import { merge } from './merge.ts'
import { arrayOf } from './pg-arrays.ts'
import { dayOf } from './points.ts'
import { ask, type Client, type Pool, type Row, transact, withClient } from './sql.ts'

export interface CompactOptions {
  now: number
  /** How long a day must be over, and its first segment written, before it is compacted. */
  quietMs?: number
  /** A day that is not over is compacted when it has more segments than this. */
  segmentsLimit?: number
  /** The most days to compact in this call. */
  maxDays?: number
}

export interface CompactResult {
  days: number
  points: number
  /** There may be more to do: `maxDays` was reached. */
  more: boolean
  /** Days that could not be compacted, with their reason; the others were. */
  failures: { userId: string; seriesId: number; error: unknown }[]
}

/** Days of one series in a transaction, and how far apart they may lie: both bound how long its flushes wait. */
const daysTogether = 32
const daysApart = 366

export async function compact(pool: Pool, deflate: boolean, options: CompactOptions): Promise<CompactResult> {
  const { now, quietMs = 600_000, segmentsLimit = 48, maxDays = 5_000 } = options
  const since = arrayOf('timestamptz', [now - quietMs])
  const rows = await withClient(pool, (client) =>
    ask(client, findCompactable, [dayOf(now - quietMs), since, segmentsLimit, maxDays]),
  )
  const result: CompactResult = { days: 0, points: 0, more: rows.length >= maxDays, failures: [] }
  for (const run of runsOf(rows)) {
    try {
      // Losing a compaction that was not flushed to disk loses nothing: the segments come back with it.
      const done = await transact(
        pool,
        (client) => compactDays(client, run, deflate),
        'set local synchronous_commit = off',
      )
      result.days += done.days
      result.points += done.points
    } catch (error) {
      if (isConnectionLoss(error)) throw error
      result.failures.push({ userId: run.userId, seriesId: run.seriesId, error })
    }
  }
  return result
}

interface Run extends SeriesKey {
  first: number
  last: number
}

/** Rows of (user, series, day) in key order as ranges of days of one series. What lies between goes with them. */
function runsOf(rows: Row[]): Run[] {
  const runs: Run[] = []
  let days = 0
  for (const row of rows) {
    const [userId, seriesId, day] = [row[0] ?? '', Number(row[1]), Number(row[2])]
    const run = runs.at(-1)
    if (run?.seriesId === seriesId && days < daysTogether && day - run.first < daysApart) {
      run.last = day
      days++
    } else {
      runs.push({ userId, seriesId, first: day, last: day })
      days = 1
    }
  }
  return runs
}

async function compactDays(client: Client, run: Run, deflate: boolean): Promise<{ days: number; points: number }> {
  const range = [run.userId, run.seriesId, run.first, run.last]
  await ask(client, lockSeries, range)
  await ask(client, markUnresolved, range)
  const segments = await takeDays(client, run, run.first, run.last)
  const chunks = await chunksOf(client, run, [...segments.keys()])
  const whole = [...segments].map(([day, parts]) => {
    const chunk = chunks.get(day)
    return merge(chunk ? [chunk, ...parts] : parts)
  })
  await putDays(client, run, whole, deflate)
  await ask(client, clearDirty, range)
  return { days: whole.length, points: whole.reduce((sum, points) => sum + points.n, 0) }
}
