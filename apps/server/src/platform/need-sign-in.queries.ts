/** A connection that only its person can mend: it says why, and the audit log that it came to that. */
import { sql } from 'kysely'
import type { Write } from './db/database.ts'
import { insertAudit } from './http/audit.queries.ts'

/** With `version`, unless somebody signed in again, or renewed, since. One that waits for its person already keeps its reason. */
export async function needSignIn(
  tx: Write,
  {
    userId,
    connectionId,
    version = null,
    code,
    message,
  }: { userId: string; connectionId: string; version?: number | null; code: string; message: string },
): Promise<void> {
  const { rows } = await sql`
    update connections set status = 'needs_reauth', error_code = ${code}, error_message = ${message}, updated_at = now()
    where user_id = ${userId} and connection_id = ${connectionId} and status not in ('ended', 'needs_reauth')
      and (${version}::integer is null or token_version = ${version})
    returning 1`.execute(tx)
  if (!rows.length) return
  await insertAudit(tx, {
    userId,
    actor: 'system',
    action: 'needSignIn',
    target: connectionId,
    outcome: code,
    fields: ['status'],
  })
}
