/** One list of a connection: its stretches of time, oldest first, page by page into the store. */
import type { Feed, FetchContext, ProviderHttp, Window } from '@tributary/providers/kit'
import type { ToldAlongside, ToldTally } from '../ingest/telling.ts'
import { hasUnread } from '../platform/quarantine/waiting.queries.ts'
import { countOnRun, type FeedState, type HeldRun, moveCursor } from './connection-runs.queries.ts'
import type { FetchEdges } from './fetch-connection.ts'
import { findRanks, hashOfKey, putRank, type RanksOf } from './ranks.queries.ts'
import { keepRaw } from './raw-payloads.ts'
import { type ListOfRecords, type RecordsAlongside, takeRecords } from './take-records.ts'

const dayMs = 86_400_000

export interface FeedJob {
  run: HeldRun
  providerName: string
  name: string
  feed: Feed
  http: ProviderHttp
  context: FetchContext
  signal: AbortSignal
}

export interface FeedCounts {
  fetched: number
  inserted: number
  updated: number
  skipped: number
  failed: number
}

export const noCounts = (): FeedCounts => ({ fetched: 0, inserted: 0, updated: 0, skipped: 0, failed: 0 })

/** From where it has been read, less its look-back; the first time, as far back as was asked for and the provider goes. */
export function windowOf(feed: Feed, state: FeedState | undefined, historicalDays: number, now: number): Window {
  const days = Math.min(historicalDays, feed.historyDays ?? Number.POSITIVE_INFINITY)
  const since = state?.read_until?.getTime()
  // A cursor that a clock gone wrong has put into the future would let nothing be fetched until then.
  const from = since === undefined ? now - days * dayMs : Math.min(since, now) - feed.lookBackDays * dayMs
  const earliest = feed.historyDays === undefined ? from : Math.max(from, now - feed.historyDays * dayMs)
  return { from: Math.min(earliest, now), to: now }
}

/** Oldest first. */
export function stretchesOf({ from, to }: Window, days: number): Window[] {
  const stretches: Window[] = []
  for (let at = from; at < to; at += days * dayMs) stretches.push({ from: at, to: Math.min(to, at + days * dayMs) })
  return stretches
}

export async function fetchFeed(edges: FetchEdges, job: FeedJob, window: Window, counts: FeedCounts): Promise<void> {
  const { feed, http, context, run, name } = job
  for (const stretch of stretchesOf(window, feed.windowDays)) {
    const pages = feed.fetch?.(http, stretch, context)
    if (!pages) return
    const cursor = [run.userId, run.connectionId, name, stretch.from, stretch.to]
    await takePages(edges, job, pages, counts, () => [{ statement: moveCursor, row: () => cursor }])
  }
}

/** A page is held back until it is known whether it is the last, since what the last covers is noted with it. */
export async function takePages(
  edges: FetchEdges,
  job: FeedJob,
  pages: AsyncIterable<readonly unknown[]>,
  counts: FeedCounts,
  atEnd: RecordsAlongside = () => [],
): Promise<void> {
  let held: readonly unknown[] = []
  for await (const page of pages) {
    job.signal.throwIfAborted()
    await edges.reached?.('page')
    await keepRaw(edges, rawOf(job), page)
    if (held.length) await takePage(edges, job, held, counts)
    held = page
  }
  job.signal.throwIfAborted()
  await takePage(edges, job, held, counts, atEnd)
}

const rawOf = ({ run, name }: FeedJob) => ({
  userId: run.userId,
  connectionId: run.connectionId,
  syncId: run.syncId,
  provider: run.provider,
  feed: name,
})

export async function takePage(
  { takeTold, db, disk, reached }: FetchEdges,
  { run, providerName, name, feed, context }: FeedJob,
  records: readonly unknown[],
  counts: FeedCounts,
  atEnd: RecordsAlongside = () => [],
): Promise<void> {
  disk.assertRoom()
  const { userId, connectionId, provider, syncId, worker } = run
  const ranks = await ranksOf(db, { userId, connectionId, name }, feed, records)
  const before = new Map(ranks)
  const unreadBefore = await db.read({ userId }, (tx) => hasUnread(tx, { userId, connectionId, feed: name }))
  const list: ListOfRecords = {
    ...{ userId, connectionId, provider, providerName, name, feed, context, ranks },
    hasUnread: unreadBefore,
  }
  const { told, unread } = await takeRecords(takeTold, list, records, (last) => [
    {
      statement: countOnRun,
      row: (stored) => {
        const { fetched, inserted, updated, skipped, failed } = countsOf(stored, last?.unread ?? 0)
        return [userId, syncId, worker, fetched, inserted, updated, skipped, failed]
      },
    },
    ...(last ? [...rankRows(run, name, before, ranks, context.now), ...atEnd(last)] : []),
  ])
  addCounts(counts, countsOf(told, unread.length))
  await reached?.('taken')
}

/** Of the records of a page, what was read of each before; nothing for lists without versions. */
async function ranksOf(
  db: FetchEdges['db'],
  of: RanksOf,
  { version, raw }: Feed,
  records: readonly unknown[],
): Promise<Map<string, number>> {
  if (!version || !records.length) return new Map()
  const keys = records.flatMap((record) => {
    const read = raw.safeParse(record)
    return read.success ? [version(read.data).key] : []
  })
  return db.read({ userId: of.userId }, (tx) => findRanks(tx, of, [...new Set(keys)]))
}

function rankRows(
  { userId, connectionId }: HeldRun,
  name: string,
  before: ReadonlyMap<string, number>,
  ranks: ReadonlyMap<string, number>,
  now: number,
): ToldAlongside[] {
  return [...ranks]
    .filter(([key, rank]) => before.get(key) !== rank)
    .map(([key, rank]) => ({
      statement: putRank,
      row: () => [userId, connectionId, hashOfKey(name, key), now, Math.round(rank)],
    }))
}

/** Values, sessions and deletions that were told, and records that could not be read: fetched is the sum of the others. */
const countsOf = (told: ToldTally, unread: number): FeedCounts => ({
  fetched: told.received + unread,
  inserted: told.inserted,
  updated: told.updated + told.deleted,
  skipped: told.duplicates + told.suppressed,
  failed: told.rejected.length + unread,
})

function addCounts(total: FeedCounts, more: FeedCounts): void {
  for (const key of ['fetched', 'inserted', 'updated', 'skipped', 'failed'] as const) total[key] += more[key]
}
