import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'

export async function deleteBatchesBefore(tx: Write, before: Date): Promise<number> {
  const gone = await sql`delete from batches where created_at < ${before}`.execute(tx)
  return Number(gone.numAffectedRows)
}
