/** What ending a connection touches, beside its secrets. */
import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'

/** From here on nobody fetches for it, and who does finds that the run is not theirs any more; its short id stays taken and its sources keep their name. */
export async function endConnection(tx: Write, userId: string, connectionId: string): Promise<void> {
  await sql`
    update connections set status = 'ended', paused_at = null, error_code = null, error_message = null, token_expires_at = null,
      renew_idle_at = null, refused_at = null,
      provider_profile = '{}', token_version = token_version + 1, updated_at = now()
    where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
  await sql`
    update sync_runs set status = 'cancelled', ended_at = greatest(now(), started_at), lease_until = null, error_code = 'disconnected', error_message = 'The connection was ended'
    where user_id = ${userId} and connection_id = ${connectionId} and status in ('pending', 'running')`.execute(tx)
  await sql`delete from hook_notices where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
}

/** Waits for whoever is adding a source to it; nobody does from then on. */
export async function holdConnection(tx: Write, userId: string, connectionId: string): Promise<void> {
  await sql`select from connections where user_id = ${userId} and connection_id = ${connectionId} for update`.execute(
    tx,
  )
}

/** With its lists, runs, notices and raw answers. */
export async function deleteConnectionRow(tx: Write, userId: string, connectionId: string): Promise<void> {
  await sql`delete from quarantine where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
  // Which versions of its records were read: a connection that comes back reads them anew.
  await sql`delete from record_ref where user_id = ${userId} and source_id = ${connectionId}`.execute(tx)
  await sql`delete from connections where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
}
