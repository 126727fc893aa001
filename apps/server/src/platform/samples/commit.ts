/** One flush as a transaction of its own, and what to believe when the answer to its commit is lost. */
import { setTimeout as pause } from 'node:timers/promises'
import { isConnectionLoss, isPassing, StoreUnavailable } from './errors.ts'
import { markFlush, readFlushMark } from './flush.queries.ts'
import { type Outcome, storeArrivals } from './flush.ts'
import { ask, byKeyOnly, inOnePiece, type Pool, withClient } from './sql.ts'
import type { Prepared } from './stream.ts'

/** One of the flushes that may be under way at once; its mark in the database tells which of them committed last. */
export interface Lane {
  /** A UUID. */
  slot: string
  /** How many it has begun. */
  flushes: number
}

const pauseMs = 100
const askings = 20

export async function commitFlush(
  pool: Pool,
  lane: Lane,
  arrivals: readonly Prepared[],
  now: number,
): Promise<Outcome[]> {
  const flush = ++lane.flushes
  let outcomes: Outcome[] | undefined
  try {
    return await withClient(pool, async (client) => {
      const [, , stored] = await Promise.all(
        inOnePiece(
          client,
          () =>
            [
              client.query(`begin; ${byKeyOnly}`),
              ask(client, markFlush, [lane.slot, flush]),
              storeArrivals(client, arrivals, now),
            ] as const,
        ),
      )
      outcomes = stored.outcomes
      // Sent right behind the writes: after one that failed PostgreSQL takes it for a rollback, and `all` for a failure.
      await Promise.all(inOnePiece(client, () => [...stored.writes(), client.query('commit')]))
      return outcomes
    })
  } catch (error) {
    // With all work done and the connection lost, only the answer may be missing: trying again would count what is stored
    // as duplicates, and find its own guards taken.
    if (outcomes && isConnectionLoss(error) && (await lastCommitted(pool, lane)) === flush) return outcomes
    throw error
  }
}

/** Asks until the database is there again; gives up when it stays away, leaving it open what became of the flush. */
async function lastCommitted(pool: Pool, lane: Lane, asking = 1): Promise<number> {
  try {
    const rows = await withClient(pool, (client) => ask(client, readFlushMark, [lane.slot]))
    return Number(rows[0]?.[0] ?? 0)
  } catch (error) {
    if (!isPassing(error) || asking >= askings) throw new StoreUnavailable(error)
    await pause(pauseMs * asking)
    return lastCommitted(pool, lane, asking + 1)
  }
}
