import { sql } from 'kysely'
import type { Write } from '../db/database.ts'

/** With its days, events, sessions and ways, and what of it could not be used. */
export async function deleteSource(tx: Write, userId: string, sourceId: string): Promise<void> {
  await sql`delete from quarantine where user_id = ${userId} and source_id = ${sourceId}`.execute(tx)
  await sql`delete from sources where user_id = ${userId} and source_id = ${sourceId}`.execute(tx)
}
