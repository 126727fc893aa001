import { sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'

export interface ConnectionRow {
  connection_id: string
  provider: string
  provider_account: string
  status: string
  paused_at: Date | null
  last_sync_at: Date | null
  last_success_at: Date | null
}

export async function findConnection(
  tx: Read,
  userId: string,
  connectionId: string,
): Promise<ConnectionRow | undefined> {
  const { rows } = await sql<ConnectionRow>`
    select connection_id, provider, provider_account, status, paused_at, last_sync_at, last_success_at from connections
    where user_id = ${userId} and connection_id = ${connectionId}`.execute(tx)
  return rows[0]
}
