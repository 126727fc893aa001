/** Forgets what has no use any more: counts of attempts nobody made for a day, and Idempotency-Keys that have had their 24 hours. */
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { forgetOldKeys } from '../platform/http/idempotency.queries.ts'
import type { Log } from '../platform/log.ts'
import { forgetOldAttempts } from './attempts.queries.ts'
import { longestForgetMs } from './attempts.ts'

const everyMs = 3_600_000

export async function sweep(db: Pick<Database, 'asWriter'>, clock: Clock): Promise<void> {
  await db.asWriter(async (tx) => {
    await forgetOldAttempts(tx, new Date(clock.now() - longestForgetMs))
    await forgetOldKeys(tx)
  })
}

/** Answers how to stop it; that also waits for a sweep under way. */
export function sweepHourly(db: Pick<Database, 'asWriter'>, clock: Clock, log: Log): () => Promise<void> {
  let underWay = Promise.resolve()
  const timer = setInterval(() => {
    underWay = sweep(db, clock).catch((error: unknown) =>
      log.warn({ err: error }, 'old sign-in attempts could not be forgotten'),
    )
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
