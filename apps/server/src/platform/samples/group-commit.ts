/**
 * Many callers, few transactions. Whoever appends waits in one queue; up to two flushes are under way, each takes all that
 * waits (within limits) and answers every caller after its commit. So the busier it gets, the less each point costs. Beside a
 * flush under way another one begins only when as many wait as that one took: half as many flushes, each twice as large.
 * A flush that fails is tried in halves until the guilty arrival stands alone.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { commitFlush, type Lane } from './commit.ts'
import type { SliceTally } from './compare.ts'
import { GuardTaken, isPassing, isTooSlow, StoreBusy, StoreUnavailable, storeCannotWrite } from './errors.ts'
import type { Outcome } from './flush.ts'
import { createQueue, type QueueLimits, type Waiting } from './queue.ts'
import type { Pool } from './sql.ts'
import type { Prepared } from './stream.ts'

export interface CommitLimits extends QueueLimits {
  /** Flushes under way at once. */
  lanes: number
}

const defaults: CommitLimits = {
  lanes: 2,
  arrivalsPerFlush: 2_000,
  pointsPerFlush: 1_000_000,
  waitingArrivals: 20_000,
  waitingPoints: 4_000_000,
}

export interface GroupCommitOptions {
  pool: Pool
  now: () => number
  limits?: Partial<CommitLimits>
  /** Told of each flush that failed, with the number of its arrivals. */
  onFailure: (error: unknown, arrivals: number) => void
}

export interface GroupCommit {
  append(arrival: Prepared): Promise<SliceTally[]>
  /** Resolves when nothing waits and nothing is under way. */
  drain(): Promise<void>
}

/** So many are worth a flush of their own, whatever the one under way took. */
const mostGathered = 256
const attempts = 5
const pauseMs = 100
const retryAfterSeconds = 1

export function createGroupCommit({ pool, now, limits: given = {}, onFailure }: GroupCommitOptions): GroupCommit {
  const limits = { ...defaults, ...given }
  const free: Lane[] = Array.from({ length: limits.lanes }, () => ({ slot: randomUUID(), flushes: 0 }))
  const queue = createQueue(limits)
  let underWay = 0
  let woken = false
  let idle = Promise.withResolvers<void>()
  idle.resolve()

  function append(arrival: Prepared): Promise<SliceTally[]> {
    const { promise, resolve, reject } = Promise.withResolvers<SliceTally[]>()
    const wasIdle = queue.length === 0 && free.length === limits.lanes
    if (!queue.add({ arrival, resolve, reject })) return Promise.reject(new StoreBusy(retryAfterSeconds))
    if (wasIdle) idle = Promise.withResolvers<void>()
    wake()
    return promise
  }

  /** At the end of the turn, so that all requests which were read together are flushed together. */
  function wake(): void {
    if (woken || free.length === 0) return
    woken = true
    setImmediate(() => {
      woken = false
      if (queue.length < Math.min(underWay, mostGathered)) return // the flush under way wakes us when it ends
      const lane = free.pop()
      const batch = lane ? queue.take() : []
      if (lane && batch.length > 0) void run(lane, batch)
      else if (lane) free.push(lane) // every series that waits is in the flush under way
    })
  }

  async function run(lane: Lane, batch: Waiting[]): Promise<void> {
    underWay += batch.length
    if (queue.length > 0) wake()
    await commit(lane, batch)
    underWay -= batch.length
    queue.release(batch)
    free.push(lane)
    if (queue.length > 0) wake()
    else if (free.length === limits.lanes) idle.resolve()
  }

  /** Answers every caller of the batch; never throws. */
  async function commit(lane: Lane, batch: Waiting[], attempt = 1): Promise<void> {
    try {
      const arrivals = batch.map(({ arrival }) => arrival)
      const outcomes = await commitFlush(pool, lane, arrivals, now())
      for (const [i, entry] of batch.entries()) answer(entry, outcomes[i])
    } catch (error) {
      onFailure(error, batch.length)
      if (isPassing(error) && attempt < attempts) {
        await pause(pauseMs * attempt)
        return commit(lane, batch, attempt + 1)
      }
      const reason = storeCannotWrite(error)
      if (reason) for (const { reject } of batch) reject(reason)
      else if (batch.length === 1) batch[0]?.reject(isTooSlow(error) ? new StoreUnavailable(error) : error)
      else {
        const half = batch.length >>> 1
        await commit(lane, batch.slice(0, half))
        await commit(lane, batch.slice(half))
      }
    }
  }

  return { append, drain: () => idle.promise }
}

function answer(entry: Waiting, outcome: Outcome | undefined): void {
  if (!outcome) entry.reject(new Error('a flush told nothing of an arrival'))
  else if ('taken' in outcome) entry.reject(new GuardTaken(outcome.taken))
  else entry.resolve(outcome.tallies)
}
