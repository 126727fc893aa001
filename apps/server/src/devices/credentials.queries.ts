import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'

/** The person's connection to this account, or, `account` being empty, to one that we do not know yet; made when there is none. */
export async function joinConnection(
  tx: Write,
  { userId, provider, account, newId }: { userId: string; provider: string; account: string; newId: string },
): Promise<string> {
  const { rows } = await sql<{ connection_id: string }>`
    insert into connections (user_id, connection_id, provider, provider_account, short_id)
    values (${userId}, ${newId}, ${provider}, ${account}, next_short_id(${userId}, ${provider}))
    on conflict (user_id, provider, provider_account) do update set updated_at = now()
    returning connection_id`.execute(tx)
  return rows[0]?.connection_id ?? newId
}

/** Moves the device there; the connection it leaves goes when it never was more than somebody's credentials, and nothing is left on it. */
export async function putOnConnection(
  tx: Write,
  userId: string,
  deviceId: string,
  connectionId: string | null,
): Promise<void> {
  const { rows } = await sql<{ connection_id: string | null }>`
    select connection_id from devices where user_id = ${userId} and device_id = ${deviceId} for update`.execute(tx)
  const left = rows[0]?.connection_id ?? null
  if (left === connectionId) return
  await sql`update devices set connection_id = ${connectionId} where user_id = ${userId} and device_id = ${deviceId}`.execute(
    tx,
  )
  if (left) await deleteIfUnused(tx, userId, left)
}

/** Nobody signed in to it, nothing was fetched by it, and no device is on it. */
async function deleteIfUnused(tx: Write, userId: string, connectionId: string): Promise<void> {
  await sql`
    delete from connections c
    where user_id = ${userId} and connection_id = ${connectionId} and connected_at is null and last_success_at is null and status <> 'ended'
      and not exists (select from devices d where d.user_id = c.user_id and d.connection_id = c.connection_id)`.execute(
    tx,
  )
}

export async function writeCredentials(
  tx: Write,
  { userId, connectionId, name, sealed }: { userId: string; connectionId: string; name: string; sealed: string },
): Promise<void> {
  await sql`
    insert into connection_secrets (user_id, connection_id, name, sealed)
    values (${userId}, ${connectionId}, ${name}, ${sealed})`.execute(tx)
}

export async function deleteCredentials(tx: Write, userId: string, deviceId: string): Promise<void> {
  await sql`delete from connection_secrets where user_id = ${userId} and name = ${`device:${deviceId}`}`.execute(tx)
}
