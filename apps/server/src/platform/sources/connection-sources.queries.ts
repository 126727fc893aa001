/** What readings of a connection hang from: the connection itself, and each thing or app inside it that its provider names. */
import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Read, Write } from '../db/database.ts'
import { must } from '../must.ts'

export interface ConnectionPlace {
  userId: string
  connectionId: string
}

/** `key` is '' for the connection itself. One that became a device of the person stays the same source. */
export async function connectionSource(
  tx: Write,
  { userId, connectionId }: ConnectionPlace,
  { key, name }: { key: string; name: string },
): Promise<string> {
  const known = await findConnectionSource(tx, { userId, connectionId }, key)
  if (known) return known
  await sql`
    insert into sources (user_id, source_id, kind, connection_id, external_key, name, is_demo)
    select ${userId}, ${uuidv7()}, 'connection', connection_id, ${key}, ${name}, is_demo
    from connections where user_id = ${userId} and connection_id = ${connectionId}
    on conflict (user_id, connection_id, external_key) where kind = 'connection' and connection_id is not null do nothing`.execute(
    tx,
  )
  return must(
    await findConnectionSource(tx, { userId, connectionId }, key),
    'the source of a connection was made or was there',
  )
}

async function findConnectionSource(
  tx: Read,
  { userId, connectionId }: ConnectionPlace,
  key: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sources
    where user_id = ${userId} and connection_id = ${connectionId} and external_key = ${key}`.execute(tx)
  return rows[0]?.source_id
}

/** What an emulated cloud of the demo made goes with it. */
export async function markDemo(tx: Write, { userId, connectionId }: ConnectionPlace, deviceId: string): Promise<void> {
  const isOfDemo = sql`user_id = ${userId} and device_id = ${deviceId}
    and exists (select from connections c where c.user_id = ${userId} and c.connection_id = ${connectionId} and c.is_demo)`
  await sql`update devices set is_demo = true where ${isOfDemo}`.execute(tx)
  await sql`update sources set is_demo = true where ${isOfDemo}`.execute(tx)
}

/** That a connection told of a device. */
export async function noteWriter(
  tx: Write,
  { userId, connectionId }: ConnectionPlace,
  sourceId: string,
): Promise<void> {
  await sql`
    insert into source_writers (user_id, source_id, connection_id) values (${userId}, ${sourceId}, ${connectionId})
    on conflict do nothing`.execute(tx)
}

/** A device that was made because a connection told of it. */
export async function markTold(tx: Write, userId: string, deviceId: string): Promise<void> {
  await sql`update devices set told_only = true where user_id = ${userId} and device_id = ${deviceId}`.execute(tx)
}

/** A device that data of a connection named hangs from it, unless it hangs from another. */
export async function hangDevice(
  tx: Write,
  { userId, connectionId }: ConnectionPlace,
  deviceId: string,
  key: string,
): Promise<void> {
  await sql`
    update devices set connection_id = ${connectionId}, platform_key = ${key}
    where user_id = ${userId} and device_id = ${deviceId} and connection_id is null
      and not exists (
        select from devices
        where user_id = ${userId} and connection_id = ${connectionId} and platform_key = ${key})`.execute(tx)
}

/** What a device said of itself, seen in the future by a clock gone wrong: now. A thing that is no device of the person has no place for it. */
export async function noteThing(
  tx: Write,
  userId: string,
  sourceId: string,
  { seen, battery }: { seen?: number; battery?: number },
  now: number,
): Promise<void> {
  const seenAt = seen === undefined ? null : new Date(Math.min(seen, now))
  await sql`
    update devices d set
      battery_level = coalesce(${battery === undefined ? null : Math.round(battery)}::int2, d.battery_level),
      last_seen_at = greatest(d.last_seen_at, ${seenAt}::timestamptz)
    from sources o
    where o.user_id = ${userId} and o.source_id = ${sourceId} and d.user_id = o.user_id and d.device_id = o.device_id`.execute(
    tx,
  )
}
