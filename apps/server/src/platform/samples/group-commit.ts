/**
 * Many callers, few transactions. Whoever appends waits in one queue; up to two flushes are under way, each takes all that
 * waits (within limits) and answers every caller after its commit. So the busier it gets, the less each point costs.
 *
 * A series is in one flush at a time: those that wait for it keep their order, so of two values that one caller sends for one
 * time the later wins. A flush that fails is tried in halves until the guilty arrival stands alone.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { SliceTally } from './compare.ts'
import { GuardTaken, isConnectionLoss, isPassing, StoreBusy, StoreUnavailable, storeCannotWrite } from './errors.ts'
import { markFlush, readFlushMark } from './flush.queries.ts'
import { type Outcome, type Prepared, storeArrivals } from './flush.ts'
import { ask, type Pool, withClient } from './sql.ts'

export interface CommitLimits {
  /** Flushes under way at once. */
  lanes: number
  arrivalsPerFlush: number
  pointsPerFlush: number
  waitingArrivals: number
  waitingPoints: number
}

const defaults: CommitLimits = {
  lanes: 2,
  arrivalsPerFlush: 2_000,
  pointsPerFlush: 1_000_000,
  waitingArrivals: 20_000,
  waitingPoints: 8_000_000,
}

export interface GroupCommitOptions {
  pool: Pool
  now: () => number
  limits?: Partial<CommitLimits>
  /** Told of each failure that will be tried again. */
  onRetry: (error: unknown, arrivals: number) => void
}

export interface GroupCommit {
  append(arrival: Prepared): Promise<SliceTally[]>
  /** Resolves when nothing waits and nothing is under way. */
  drain(): Promise<void>
}

interface Waiting {
  arrival: Prepared
  points: number
  resolve(tallies: SliceTally[]): void
  reject(error: unknown): void
}

/** One of the flushes that may be under way at once; its mark in the database tells which of them committed last. */
interface Lane {
  slot: string
  flushes: number
}

const passingAttempts = 5
const passingPauseMs = 100

export function createGroupCommit({ pool, now, limits: given = {}, onRetry }: GroupCommitOptions): GroupCommit {
  const limits = { ...defaults, ...given }
  const free: Lane[] = Array.from({ length: limits.lanes }, () => ({ slot: randomUUID(), flushes: 0 }))
  let waiting: Waiting[] = []
  let waitingPoints = 0
  let started = false
  const busySeries = new Set<number>()
  let idle = Promise.withResolvers<void>()
  idle.resolve()

  function append(arrival: Prepared): Promise<SliceTally[]> {
    const points = arrival.slices.reduce((sum, slice) => sum + slice.points.n, 0)
    // An arrival larger than the whole queue is still taken when nothing waits.
    const full =
      waiting.length >= limits.waitingArrivals || (waiting.length > 0 && waitingPoints + points > limits.waitingPoints)
    if (full) return Promise.reject(new StoreBusy(1))
    const { promise, resolve, reject } = Promise.withResolvers<SliceTally[]>()
    if (waiting.length === 0 && free.length === limits.lanes) idle = Promise.withResolvers<void>()
    waiting.push({ arrival, points, resolve, reject })
    waitingPoints += points
    start()
    return promise
  }

  /** At the end of the turn, so that all requests which were read together are flushed together. */
  function start(): void {
    if (started || free.length === 0 || waiting.length === 0) return
    started = true
    setImmediate(() => {
      started = false
      const lane = free.pop()
      if (!lane) return
      const batch = take()
      if (batch.length === 0) {
        free.push(lane)
        return
      }
      start()
      void run(lane, batch)
    })
  }

  /** The longest waiting whose series no flush holds; who is passed over also holds back those behind it. */
  function take(): Waiting[] {
    const held = new Set(busySeries)
    const batch: Waiting[] = []
    const left: Waiting[] = []
    let points = 0
    for (const [place, entry] of waiting.entries()) {
      const { slices } = entry.arrival
      if (batch.length >= limits.arrivalsPerFlush || (points > 0 && points + entry.points > limits.pointsPerFlush)) {
        left.push(...waiting.slice(place))
        break
      }
      if (slices.some(({ seriesId }) => held.has(seriesId))) {
        left.push(entry)
        for (const { seriesId } of slices) held.add(seriesId)
      } else {
        batch.push(entry)
        points += entry.points
      }
    }
    waiting = left
    waitingPoints -= points
    return batch
  }

  async function run(lane: Lane, batch: Waiting[]): Promise<void> {
    const series = new Set(batch.flatMap(({ arrival }) => arrival.slices.map(({ seriesId }) => seriesId)))
    for (const seriesId of series) busySeries.add(seriesId)
    await commit(lane, batch)
    for (const seriesId of series) busySeries.delete(seriesId)
    free.push(lane)
    if (waiting.length > 0) start()
    else if (free.length === limits.lanes) idle.resolve()
  }

  /** Answers every caller of the batch; never throws. */
  async function commit(lane: Lane, batch: Waiting[], attempt = 1): Promise<void> {
    try {
      const outcomes = await flush(
        lane,
        batch.map(({ arrival }) => arrival),
      )
      for (const [i, entry] of batch.entries()) answer(entry, outcomes[i])
    } catch (error) {
      onRetry(error, batch.length)
      if (isPassing(error) && attempt < passingAttempts) {
        await pause(passingPauseMs * attempt)
        return commit(lane, batch, attempt + 1)
      }
      const reason = storeCannotWrite(error)
      if (reason) for (const { reject } of batch) reject(reason)
      else if (batch.length === 1) batch[0]?.reject(error)
      else {
        const half = batch.length >>> 1
        await commit(lane, batch.slice(0, half))
        await commit(lane, batch.slice(half))
      }
    }
  }

  async function flush(lane: Lane, arrivals: Prepared[]): Promise<Outcome[]> {
    const flushNumber = ++lane.flushes
    let outcomes: Outcome[] | undefined
    try {
      return await withClient(pool, async (client) => {
        await client.query(`begin; ${markFlush(lane.slot, flushNumber)}`)
        outcomes = await storeArrivals(client, arrivals, now())
        await client.query('commit')
        return outcomes
      })
    } catch (error) {
      // With all work done and the connection lost, only the answer may be missing: trying again would count what is stored
      // as duplicates, and find its own guards taken.
      if (outcomes && isConnectionLoss(error) && (await lastCommitted(lane)) === flushNumber) return outcomes
      throw error
    }
  }

  async function lastCommitted(lane: Lane, attempt = 1): Promise<number> {
    try {
      const rows = await withClient(pool, (client) => ask(client, readFlushMark, [lane.slot]))
      return Number(rows[0]?.[0] ?? 0)
    } catch (error) {
      if (!isPassing(error) || attempt >= passingAttempts * 4) throw new StoreUnavailable(error)
      await pause(passingPauseMs * attempt)
      return lastCommitted(lane, attempt + 1)
    }
  }

  return { append, drain: () => idle.promise }
}

function answer(entry: Waiting, outcome: Outcome | undefined): void {
  if (!outcome) entry.reject(new Error('a flush told nothing of an arrival'))
  else if ('taken' in outcome) entry.reject(new GuardTaken(outcome.taken))
  else entry.resolve(outcome.tallies)
}
