import { sql } from 'kysely'
import type { Write } from '../../platform/db/database.ts'

/** Whether somebody else writes here: a server looks for work every second, so its connections are always there. */
export async function hasRunningServer(tx: Write): Promise<boolean> {
  const { rows } = await sql<{ others: boolean }>`
    select exists (
      select from pg_stat_activity
      where datname = current_database() and usename = current_user and pid <> pg_backend_pid()
    ) as others`.execute(tx)
  return rows[0]?.others ?? false
}
