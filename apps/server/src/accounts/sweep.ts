/** Forgets what has no use any more: counts of attempts nobody made for a day, and Idempotency-Keys that have had their 24 hours. */
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { forgetOldKeys } from '../platform/http/idempotency.queries.ts'
import { forgetOldAttempts } from './attempts.queries.ts'
import { longestForgetMs } from './attempts.ts'

export async function sweep(db: Pick<Database, 'asWriter'>, clock: Clock): Promise<void> {
  await db.asWriter(async (tx) => {
    await forgetOldAttempts(tx, new Date(clock.now() - longestForgetMs))
    await forgetOldKeys(tx)
  })
}
