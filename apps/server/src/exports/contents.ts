/** What an export is made of, as streams that never hold more than a page. */
import type { Database, Read } from '../platform/db/database.ts'
import { readFilePart } from '../platform/files/file-parts.queries.ts'
import { must } from '../platform/must.ts'
import { decode } from '../platform/samples/codec.ts'
import { concatPoints, type Points } from '../platform/samples/points.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import {
  type DayRow,
  type EventRow,
  estimatePoints,
  type FileRow,
  listFiles,
  listParts,
  listPlans,
  listSeries,
  listSources,
  listStreams,
  listSuppressions,
  type PartRow,
  type PlanRow,
  pageOfDays,
  pageOfEvents,
  pageOfSessions,
  pageOfWays,
  type Range,
  type SeriesRow,
  type SessionRow,
  type SourceRow,
  type SuppressionRow,
  type Wanted,
  type WayRow,
} from './contents.queries.ts'

/** Values handed on together: days of sparse series are put together, so that a block is worth its head. */
const blockValues = 8_192
const rowsTogether = 2_000
const sessionsTogether = 50

export interface WholeSession extends SessionRow {
  parts: PartRow[]
  streams: { stream: string; points: Points }[]
}

export interface Contents {
  range: Range
  wanted: Wanted
  sources: SourceRow[]
  /** In the order of their sources. */
  series: SeriesRow[]
  /** About how many points that is. */
  estimate: number
  points(seriesId: number): AsyncGenerator<Points>
  days(sourceId: string): AsyncGenerator<DayRow>
  events(sourceId: string): AsyncGenerator<EventRow>
  ways(sourceId: string): AsyncGenerator<WayRow>
  sessions(sourceId: string): AsyncGenerator<WholeSession>
  plans(): Promise<PlanRow[]>
  suppressions(): Promise<SuppressionRow[]>
  files(ids: readonly string[] | null): Promise<FileRow[]>
  bytesOf(file: FileRow): AsyncGenerator<Buffer>
}

export interface ContentsOf {
  userId: string
  range: Range
  wanted: Wanted
}

export async function openContents(
  { db, store }: { db: Database; store: SampleStore },
  { userId, range, wanted }: ContentsOf,
): Promise<Contents> {
  const read = <T>(work: (tx: Read) => Promise<T>): Promise<T> => db.read({ userId }, work)
  const sources = await read((tx) => listSources(tx, userId))
  const order = new Map(sources.map(({ source_id }, i) => [source_id, i]))
  const listed = await read((tx) => listSeries(tx, userId, wanted))
  const series = listed.toSorted((a, b) => (order.get(a.source_id) ?? 0) - (order.get(b.source_id) ?? 0))
  const ids = series.map(({ series_id }) => series_id)
  const scopeOf = (sourceId: string) => ({ userId, sourceId, wanted, range })
  return {
    range,
    wanted,
    sources,
    series,
    estimate: ids.length ? await read((tx) => estimatePoints(tx, userId, ids, range)) : 0,
    points: (seriesId) => blocksOf(store, { userId, seriesIds: [seriesId], ...range }),
    days: (sourceId) => pages((after, limit) => read((tx) => pageOfDays(tx, scopeOf(sourceId), after, limit))),
    events: (sourceId) => pages((after, limit) => read((tx) => pageOfEvents(tx, scopeOf(sourceId), after, limit))),
    ways: (sourceId) => pages((after, limit) => read((tx) => pageOfWays(tx, scopeOf(sourceId), after, limit)), 100),
    async *sessions(sourceId) {
      for (let after: SessionRow | null = null; ; ) {
        const page: SessionRow[] = await read((tx) => pageOfSessions(tx, scopeOf(sourceId), after, sessionsTogether))
        yield* await read((tx) => wholeOf(tx, userId, page))
        after = page.at(-1) ?? null
        if (page.length < sessionsTogether) return
      }
    },
    plans: () => read((tx) => listPlans(tx, userId)),
    suppressions: () => read((tx) => listSuppressions(tx, userId)),
    files: (wantedIds) => read((tx) => listFiles(tx, userId, wantedIds)),
    async *bytesOf({ file_id, bytes }) {
      for (let part = 0, left = bytes; left > 0; part++) {
        const data = must(await read((tx) => readFilePart(tx, userId, file_id, part)), 'a file has all of its parts')
        left -= data.length
        yield data
      }
    },
  }
}

async function* blocksOf(store: SampleStore, scope: Parameters<SampleStore['read']>[0]): AsyncGenerator<Points> {
  let waiting: Points[] = []
  let n = 0
  for await (const { points } of store.read(scope)) {
    waiting.push(points)
    n += points.n
    if (n < blockValues) continue
    yield concatPoints(waiting)
    waiting = []
    n = 0
  }
  if (n) yield concatPoints(waiting)
}

async function* pages<R>(
  page: (after: R | null, limit: number) => Promise<R[]>,
  limit = rowsTogether,
): AsyncGenerator<R> {
  for (let after: R | null = null; ; ) {
    const rows: R[] = await page(after, limit)
    yield* rows
    after = rows.at(-1) ?? null
    if (rows.length < limit) return
  }
}

async function wholeOf(tx: Read, userId: string, rows: readonly SessionRow[]): Promise<WholeSession[]> {
  const ids = rows.map(({ session_id }) => session_id)
  const parts = Map.groupBy(await listParts(tx, userId, ids), ({ session_id }) => session_id)
  const streams = Map.groupBy(await listStreams(tx, userId, ids), ({ session_id }) => session_id)
  return rows.map((row) => ({
    ...row,
    parts: parts.get(row.session_id) ?? [],
    streams: (streams.get(row.session_id) ?? []).map(({ stream, data }) => ({ stream, points: decode(data) })),
  }))
}
