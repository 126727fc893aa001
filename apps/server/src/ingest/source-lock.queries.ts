import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'
import { must } from '../platform/must.ts'

/** Two requests that write rows of one source take turns, so that what each finds there is what it changes. */
export async function lockSource(tx: Write, userId: string, sourceId: string): Promise<void> {
  const { rows } = await sql`
    select 1 from sources where user_id = ${userId} and source_id = ${sourceId} for no key update`.execute(tx)
  must(rows[0], 'a source that readings came from exists')
}
