/**
 * The sample store: exact counts in, points out. `append` resolves only after COMMIT; everything else reads, deletes or
 * compacts what was appended. See README.md for the order in which to read the folder.
 */
import type { Arrival } from './arrival.ts'
import { type CompactOptions, type CompactResult, compact } from './compact.ts'
import type { SliceTally } from './compare.ts'
import { deleteRange } from './delete-range.ts'
import { isSeriesGone, SeriesGone } from './errors.ts'
import { forgetFlushMarks } from './flush.queries.ts'
import { type CommitLimits, createGroupCommit } from './group-commit.ts'
import { order } from './order.ts'
import { arrayOf } from './pg-arrays.ts'
import { checkPoints, type Points } from './points.ts'
import {
  countPoints,
  type Reader,
  readAll,
  readByDay,
  readColumns,
  readerOn,
  type Scope,
  type SeriesDay,
} from './read.ts'
import { eraseSeries, eraseStored, markErased, readLatest } from './series.queries.ts'
import { createSeriesIds } from './series.ts'
import { ask, type Client, type Pool, type Querier, transact, withClient } from './sql.ts'
import { findWrongChunks, type WrongChunk } from './verify.ts'

export interface LatestPoint {
  seriesId: number
  t: number
  value: number
  durationMs: number
  /** Quality code; 0 when nothing was said. */
  quality: number
  offsetMinutes: number | null
}

export interface SampleStore {
  seriesFor(userId: string, sourceId: string, metric: string): Promise<number>
  /** Resolves after COMMIT with a tally for each slice. Rejects with StoreBusy, GuardTaken, SeriesGone or StoreUnavailable. */
  append(arrival: Arrival): Promise<SliceTally[]>
  /** Points of several series, day by day, oldest first. */
  read(scope: Scope): AsyncGenerator<SeriesDay>
  /** All columns of one series over a range known to be short. */
  readAll(scope: Scope): Promise<Points>
  /** Times and values of one series over years. */
  readColumns(scope: { userId: string; seriesId: number; from: number; to: number }, most?: number): Promise<Points>
  latest(userId: string, seriesIds: readonly number[]): Promise<LatestPoint[]>
  count(scope: Scope): Promise<number>
  /** How many points were deleted. With `within` it joins a writer's transaction of the caller's. */
  deleteRange(scope: Scope, within?: Querier): Promise<number>
  /** Forgets the series themselves and all they hold. */
  erase(userId: string, seriesIds: readonly number[], within?: Querier): Promise<void>
  compact(options: CompactOptions): Promise<CompactResult>
  verify(): Promise<WrongChunk[]>
  /** Resolves when all that was appended is answered. */
  drain(): Promise<void>
}

export interface SampleStoreOptions {
  /** Connections of trb_writer: two for flushes, more for the compactor and deletions. */
  writerPool: Pool
  /** Runs a read as the person whose data it is; by default reads go through the writer's pool, with the person in every query. */
  readerFor?: <T>(userId: string, work: (client: Querier) => Promise<T>) => Promise<T>
  log: { warn(fields: object, message: string): void }
  clock: { now(): number }
  /** Whether new chunks are deflated. Those of either kind are always readable. */
  deflate: boolean
  limits?: Partial<CommitLimits>
  /** Told of each arrival that is committed. */
  onStored?: (tallies: readonly SliceTally[]) => void
}

export function createSampleStore({
  writerPool,
  readerFor,
  log,
  clock,
  deflate,
  limits,
  onStored,
}: SampleStoreOptions): SampleStore {
  const asWriter: Querier = { query: (config) => withClient(writerPool, (client) => client.query(config)) }
  const read: Reader = readerFor
    ? (userId, statement, values) => readerFor(userId, (client) => ask(client, statement, values))
    : readerOn(asWriter)
  const ids = createSeriesIds(asWriter)
  const commit = createGroupCommit({
    pool: writerPool,
    now: () => clock.now(),
    ...(limits ? { limits } : {}),
    onFailure: (err, arrivals) => log.warn({ err, arrivals }, 'a flush failed'),
  })
  ask(asWriter, forgetFlushMarks, []).catch((err) => log.warn({ err }, 'old flush marks were kept'))
  const inTransaction = <T>(within: Querier | undefined, work: (client: Querier) => Promise<T>): Promise<T> =>
    within ? work(within) : transact(writerPool, (client: Client) => work(client))

  return {
    seriesFor: ids.seriesFor,
    async append(arrival) {
      const slices = arrival.slices.map((slice) => ({ ...slice, ...order(checkPoints(slice.points)) }))
      try {
        const tallies = await commit.append({ ...arrival, slices })
        onStored?.(tallies)
        return tallies
      } catch (error) {
        if (!isSeriesGone(error)) throw error
        ids.forget(arrival.slices.map(({ seriesId }) => seriesId))
        throw new SeriesGone('a series was erased while points for it were on their way', { cause: error })
      }
    },
    read: (scope) => readByDay(read, scope),
    readAll: (scope) => readAll(read, scope),
    readColumns: (scope, most) => readColumns(read, scope, most),
    async latest(userId, seriesIds) {
      const rows = await read(userId, readLatest, [userId, arrayOf('int8', seriesIds)])
      return rows.map(([seriesId, t, value, durationMs, quality, offset]) => ({
        seriesId: Number(seriesId),
        t: Number(t),
        value: Number(value),
        durationMs: Number(durationMs),
        quality: Number(quality),
        offsetMinutes: offset == null ? null : Number(offset),
      }))
    },
    count: (scope) => countPoints(read, scope),
    deleteRange: ({ userId, seriesIds, from, to }, within) =>
      inTransaction(within, async (client) => {
        let deleted = 0
        // In key order, as flushes lock them.
        for (const seriesId of [...new Set(seriesIds)].sort((a, b) => a - b))
          deleted += await deleteRange(client, { userId, seriesId }, from, to, deflate)
        return deleted
      }),
    async erase(userId, seriesIds, within) {
      const values = [userId, arrayOf('int8', seriesIds)]
      await inTransaction(within, async (client) => {
        for (const statement of [markErased, eraseSeries, ...eraseStored]) await ask(client, statement, values)
      })
      ids.forget(seriesIds)
    },
    compact: (options) => compact(writerPool, deflate, options),
    verify: () => findWrongChunks(asWriter),
    drain: () => commit.drain(),
  }
}
