import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'

/** The person's connection to this provider whose account we do not know yet; made when there is none. */
export async function joinConnection(
  tx: Write,
  userId: string,
  provider: string,
  connectionId: string,
): Promise<string> {
  const { rows } = await sql<{ connection_id: string }>`
    insert into connections (user_id, connection_id, provider, short_id)
    values (${userId}, ${connectionId}, ${provider}, next_short_id(${userId}, ${provider}))
    on conflict (user_id, provider, provider_account) do update set updated_at = now()
    returning connection_id`.execute(tx)
  return rows[0]?.connection_id ?? connectionId
}

/** Moves the device there; the connection it leaves ends when nothing is left on it. */
export async function putOnConnection(
  tx: Write,
  userId: string,
  deviceId: string,
  connectionId: string | null,
): Promise<void> {
  await sql`update devices set connection_id = ${connectionId} where user_id = ${userId} and device_id = ${deviceId}`.execute(
    tx,
  )
  await deleteUnusedConnections(tx, userId)
}

/** Only those that never were more than somebody's credentials: `pending`, and the account unknown. */
export async function deleteUnusedConnections(tx: Write, userId: string): Promise<void> {
  await sql`
    delete from connections c
    where user_id = ${userId} and status = 'pending' and provider_account = ''
      and not exists (select from devices d where d.user_id = c.user_id and d.connection_id = c.connection_id)
      and not exists (select from connection_secrets s where s.user_id = c.user_id and s.connection_id = c.connection_id)`.execute(
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
