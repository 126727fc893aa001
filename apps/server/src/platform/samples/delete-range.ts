import { clearDirty, dropChunk, dropChunks, lockSeries, markDeleted } from './day.queries.ts'
import { chunksOf, putDays, refreshNewest, type SeriesKey, takeDays } from './days.ts'
import { merge } from './merge.ts'
import { arrayOf } from './pg-arrays.ts'
import { clipPoints, concatPoints, dayMs, dayOf, earliestMs, latestMs, type Points, pickPoints } from './points.ts'
import { ask, type Querier } from './sql.ts'

/** Deletes the points of one series with `start` ≤ time < `end`, or of those the ones at `times`, and tells exactly how many there were. */
export async function deleteRange(
  client: Querier,
  key: SeriesKey,
  start: number,
  end: number,
  deflate: boolean,
  times?: ReadonlySet<number>,
): Promise<number> {
  const from = Math.max(start, earliestMs)
  const to = Math.min(end, latestMs)
  if (!(from < to)) return 0
  const first = dayOf(from)
  const last = dayOf(to - 1)
  const range = [key.userId, key.seriesId, first, last]
  const locked = await ask(client, lockSeries, range)
  if (!locked[0]) return 0 // nothing was ever stored
  const segments = await takeDays(client, key, first, last)
  // Days at the edges keep a part, and days with segments may hold a time twice: only those are worth decoding.
  const partly = [first, last].filter((day) => times || day * dayMs < from || (day + 1) * dayMs > to)
  const decoded = [...new Set([...segments.keys(), ...partly])]
  const dropped = await ask(client, dropChunks, [...range, arrayOf('date', decoded)])
  let deleted = dropped.reduce((sum, [n]) => sum + Number(n), 0)
  const chunks = await chunksOf(client, key, decoded)
  const kept: Points[] = []
  for (const day of decoded) {
    const chunk = chunks.get(day)
    const whole = merge([...(chunk ? [chunk] : []), ...(segments.get(day) ?? [])])
    const rest = concatPoints([
      clipPoints(whole, Number.NEGATIVE_INFINITY, from),
      ...(times ? [without(clipPoints(whole, from, to), times)] : []),
      clipPoints(whole, to, Number.POSITIVE_INFINITY),
    ])
    deleted += whole.n - rest.n
    if (rest.n > 0) kept.push(rest)
    else if (chunk) await ask(client, dropChunk, [key.userId, key.seriesId, day])
  }
  await putDays(client, key, kept, deflate)
  await ask(client, clearDirty, range)
  await ask(client, markDeleted, [
    key.userId,
    key.seriesId,
    start > earliestMs ? first : null,
    end < latestMs ? last : null,
  ])
  const newest = locked[0][0]
  if (newest !== null && Number(newest) >= from && Number(newest) < to) await refreshNewest(client, key)
  return deleted
}

function without(points: Points, times: ReadonlySet<number>): Points {
  return pickPoints(
    points,
    Array.from(points.t.keys()).filter((i) => !times.has(points.t[i] as number)),
  )
}

/** The points at some times of one day. */
export function deleteOfDay(
  client: Querier,
  key: SeriesKey,
  times: ReadonlySet<number>,
  deflate: boolean,
): Promise<number> {
  const first = [...times].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const last = [...times].reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return deleteRange(client, key, first, last + 1, deflate, times)
}
