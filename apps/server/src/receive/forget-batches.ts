import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { deleteBatchesBefore } from './batches.queries.ts'

const dayMs = 86_400_000

/** The list of uploads is kept BATCH_LOG_DAYS; what was uploaded stays. Answers how many rows went. */
export function forgetOldBatches(db: Pick<Database, 'asWriter'>, clock: Clock, days: number): Promise<number> {
  return db.asWriter((tx) => deleteBatchesBefore(tx, new Date(clock.now() - days * dayMs)))
}
