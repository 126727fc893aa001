import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'
import { hashToken, makeToken } from '../platform/tokens.ts'

/** A new token for the device; one that it had before ends. Only the hash is kept. Null when there is no such device. */
export async function giveToken(
  tx: Write,
  userId: string,
  deviceId: string,
): Promise<{ token: string; created_at: Date } | null> {
  const token = makeToken('device')
  const { rows } = await sql<{ created_at: Date }>`
    insert into device_tokens (user_id, device_id, token_hash)
    select user_id, device_id, ${hashToken(token)} from devices where user_id = ${userId} and device_id = ${deviceId}
    on conflict (user_id, device_id) do update set token_hash = excluded.token_hash, created_at = now()
    returning created_at`.execute(tx)
  return rows[0] ? { token, created_at: rows[0].created_at } : null
}

export async function revokeToken(tx: Write, userId: string, deviceId: string): Promise<void> {
  await sql`delete from device_tokens where user_id = ${userId} and device_id = ${deviceId}`.execute(tx)
}
