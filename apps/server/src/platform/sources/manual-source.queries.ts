import { sql } from 'kysely'
import type { Write } from '../db/database.ts'
import { must } from '../must.ts'

/** The source of what a person enters by hand; made with the first value. */
export async function manualSource(tx: Write, userId: string, sourceId: string): Promise<string> {
  await sql`
    insert into sources (user_id, source_id, kind, name) values (${userId}, ${sourceId}, 'manual', 'Entered by hand')
    on conflict (user_id, kind) where kind in ('file', 'manual') do nothing`.execute(tx)
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sources where user_id = ${userId} and kind = 'manual'`.execute(tx)
  return must(rows[0], 'the manual source was made or was there').source_id
}
