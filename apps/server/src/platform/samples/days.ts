/** Work on whole days of one series that its lock guards: taking them apart and putting them back as chunks. */
import { decode, encode } from './codec.ts'
import { putChunks, readChunks, readNewest, setNewest, takeSegments } from './day.queries.ts'
import { headerOf } from './header.ts'
import { insert } from './insert.ts'
import { merge } from './merge.ts'
import { pack, unpack } from './pack.ts'
import { arrayOf } from './pg-arrays.ts'
import { dayOf, type Points } from './points.ts'
import { ask, bytesOf, type Querier } from './sql.ts'
import { latestValues } from './stream.ts'

export interface SeriesKey {
  userId: string
  seriesId: number
}

/** Takes the segments of a range of days out of their table: day → points of each, oldest first. */
export async function takeDays(
  client: Querier,
  { userId, seriesId }: SeriesKey,
  first: number,
  last: number,
): Promise<Map<number, Points[]>> {
  const rows = await ask(client, takeSegments, [userId, seriesId, first, last])
  rows.sort((a, b) => Number(a[1]) - Number(b[1]))
  const byDay = Map.groupBy(rows, ([day]) => Number(day))
  return new Map([...byDay].map(([day, group]) => [day, group.map(([, , bytes]) => read(bytes))]))
}

/** The chunks of some days: day → points. */
export async function chunksOf(
  client: Querier,
  { userId, seriesId }: SeriesKey,
  days: readonly number[],
): Promise<Map<number, Points>> {
  if (days.length === 0) return new Map()
  const rows = await ask(client, readChunks, [userId, seriesId, arrayOf('date', days)])
  return new Map(rows.map(([day, bytes]) => [Number(day), read(bytes)]))
}

const read = (bytes: string | null | undefined): Points => decode(unpack(bytesOf(bytes ?? '')))

/** Writes days as chunks; each list of points is all that its day has. */
export async function putDays(
  client: Querier,
  { userId, seriesId }: SeriesKey,
  days: readonly Points[],
  deflate: boolean,
): Promise<void> {
  if (days.length === 0) return
  const rows = days.map((points) => {
    const { n, tLast, vMin, vMax, vSum } = headerOf(points)
    return [userId, seriesId, dayOf(tLast), n, tLast, vMin, vMax, vSum, pack(encode(points), deflate)]
  })
  await insert(client, putChunks, rows)
}

/** Sets `latest` to what is stored, after a deletion took the newest point. */
export async function refreshNewest(client: Querier, { userId, seriesId }: SeriesKey): Promise<void> {
  const rows = await ask(client, readNewest, [userId, seriesId])
  rows.sort((a, b) => Number(a[0]) - Number(b[0]))
  const stored = merge(rows.map(([, bytes]) => read(bytes)))
  await insert(client, setNewest, [
    [userId, seriesId, ...(stored.n > 0 ? latestValues(stored) : [null, null, 0, 0, null])],
  ])
}
