import { sql } from 'kysely'
import type { Read } from '../../platform/db/database.ts'

export interface DemoConnection {
  user_id: string
  provider: string
  provider_account: string
}

/** Of everybody, as trb_writer. Keys are the same after a restart, and nobody signs in with one. */
export async function listDemoConnections(tx: Read): Promise<DemoConnection[]> {
  const { rows } = await sql<DemoConnection>`
    select user_id, provider, provider_account from connections
    where is_demo and auth_kind <> 'key' and status in ('active', 'needs_reauth') and provider_account <> ''
    order by user_id, provider, provider_account`.execute(tx)
  return rows
}
