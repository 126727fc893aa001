/**
 * Folds the segments of days that are over into one chunk row each. May run in several processes at once and be killed at
 * any moment: a day is taken apart and put together in one transaction, under the series' lock.
 */

import { clearDirty, findCompactable, lockSeries } from './day.queries.ts'
import { chunksOf, putDays, type SeriesKey, takeDays } from './days.ts'
import { merge } from './merge.ts'
import { arrayOf } from './pg-arrays.ts'
import { dayOf } from './points.ts'
import { ask, type Client, type Pool, transact, withClient } from './sql.ts'

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

/** Days of one series in a transaction. Bounds how long its flushes wait. */
const daysTogether = 32

export async function compact(pool: Pool, deflate: boolean, options: CompactOptions): Promise<CompactResult> {
  const { now, quietMs = 600_000, segmentsLimit = 48, maxDays = 5_000 } = options
  const since = arrayOf('timestamptz', [now - quietMs])
  const rows = await withClient(pool, (client) =>
    ask(client, findCompactable, [dayOf(now - quietMs), since, segmentsLimit, maxDays]),
  )
  const result: CompactResult = { days: 0, points: 0, more: rows.length >= maxDays, failures: [] }
  for (const { key, days } of runsOf(
    rows.map(([userId, seriesId, day]) => ({ userId: userId ?? '', seriesId: Number(seriesId), day: Number(day) })),
  )) {
    try {
      // Losing a compaction that was not flushed to disk loses nothing: the segments come back with it.
      const done = await transact(
        pool,
        (client) => compactDays(client, key, days, deflate),
        'set local synchronous_commit = off',
      )
      result.days += done.days
      result.points += done.points
    } catch (error) {
      result.failures.push({ ...key, error })
    }
  }
  return result
}

/** Rows in key order as stretches of neighbouring days of one series. */
function runsOf(rows: { userId: string; seriesId: number; day: number }[]): { key: SeriesKey; days: number[] }[] {
  const runs: { key: SeriesKey; days: number[] }[] = []
  for (const { userId, seriesId, day } of rows) {
    const run = runs.at(-1)
    const joins = run?.key.seriesId === seriesId && run.days.at(-1) === day - 1 && run.days.length < daysTogether
    if (run && joins) run.days.push(day)
    else runs.push({ key: { userId, seriesId }, days: [day] })
  }
  return runs
}

async function compactDays(
  client: Client,
  key: SeriesKey,
  days: number[],
  deflate: boolean,
): Promise<{ days: number; points: number }> {
  const range = [key.userId, key.seriesId, days[0], days.at(-1)]
  await ask(client, lockSeries, range)
  const segments = await takeDays(client, key, days[0] as number, days.at(-1) as number)
  const chunks = await chunksOf(client, key, [...segments.keys()])
  const whole = [...segments].map(([day, parts]) => {
    const chunk = chunks.get(day)
    return merge(chunk ? [chunk, ...parts] : parts)
  })
  await putDays(client, key, whole, deflate)
  await ask(client, clearDirty, range)
  return { days: whole.length, points: whole.reduce((sum, points) => sum + points.n, 0) }
}
