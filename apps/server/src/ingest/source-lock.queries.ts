import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'
import { SeriesGone } from '../platform/samples/errors.ts'

/** Two requests that write rows of one source take turns, so that what each finds there is what it changes. */
export async function lockSource(tx: Write, userId: string, sourceId: string): Promise<void> {
  const { rows } = await sql`
    select 1 from sources where user_id = ${userId} and source_id = ${sourceId} for no key update`.execute(tx)
  if (!rows.length) throw new SeriesGone('a source was removed while its readings were on their way')
}
