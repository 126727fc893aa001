import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'

/** Records that are gone where they came from, with their parts, ways and streams; answers how many there were. */
export async function removeSessions(tx: Write, userId: string, sessionIds: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from sessions where user_id = ${userId} and session_id = any(${[...sessionIds]}::uuid[])`.execute(tx)
  return Number(numAffectedRows)
}
