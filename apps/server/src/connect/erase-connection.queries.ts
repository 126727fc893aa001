/** What goes with a connection whose data are to go. */
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { ConnectionRef } from './calls.ts'

/**
 * Told of by this connection and by nothing else: what is named after it, and devices that are there because of what connections told
 * (`told_only`), when no other one, no file and not the device itself told of them.
 */
const isItsAlone = ({ userId, connectionId }: ConnectionRef) => sql`
  s.user_id = ${userId}
  and (s.connection_id = ${connectionId} or exists (
    select from source_writers w where w.user_id = s.user_id and w.source_id = s.source_id and w.connection_id = ${connectionId}))
  and (s.kind = 'connection' or (
    exists (select from devices d where d.user_id = s.user_id and d.device_id = s.device_id and d.told_only)
    and not exists (
      select from source_writers w where w.user_id = s.user_id and w.source_id = s.source_id and w.connection_id <> ${connectionId})
    and not exists (select from import_sources i where i.user_id = s.user_id and i.source_id = s.source_id)
    and not exists (select from device_tokens t where t.user_id = s.user_id and t.device_id = s.device_id)
    and not exists (select from device_health h where h.user_id = s.user_id and h.device_id = s.device_id)))`

export interface OwnSource {
  source_id: string
  device_id: string | null
}

export async function listSourcesOf(tx: Read, ref: ConnectionRef): Promise<OwnSource[]> {
  const { rows } = await sql<OwnSource>`
    select s.source_id, s.device_id from sources s where ${isItsAlone(ref)} order by s.source_id`.execute(tx)
  return rows
}

/** Devices that others tell of too. What another connection of the same provider may have told of is nobody's to take away. */
export async function listSharedSourcesOf(tx: Read, ref: ConnectionRef): Promise<string[]> {
  const { userId, connectionId } = ref
  const { rows } = await sql<{ source_id: string }>`
    select s.source_id from sources s
    join source_writers own on own.user_id = s.user_id and own.source_id = s.source_id and own.connection_id = ${connectionId}
    join connections c on c.user_id = s.user_id and c.connection_id = ${connectionId}
    where s.user_id = ${userId} and not (${isItsAlone(ref)}) and not exists (
      select from source_writers w join connections o on o.user_id = w.user_id and o.connection_id = w.connection_id
      where w.user_id = s.user_id and w.source_id = s.source_id and w.connection_id <> ${connectionId} and o.provider = c.provider)
    order by s.source_id`.execute(tx)
  return rows.map(({ source_id }) => source_id)
}

/** In a device's source an id has its provider in front. With their laps, ways and streams. */
export async function deleteToldSessions(tx: Write, userId: string, sourceId: string, provider: string): Promise<void> {
  await sql`
    delete from sessions
    where user_id = ${userId} and source_id = ${sourceId} and starts_with(external_id, ${`${provider}:`})`.execute(tx)
}

export async function listSeriesOf(tx: Read, userId: string, sourceId: string): Promise<number[]> {
  const { rows } = await sql<{ series_id: number }>`
    select series_id from series where user_id = ${userId} and source_id = ${sourceId} order by series_id`.execute(tx)
  return rows.map(({ series_id }) => series_id)
}

/** Nobody begins a series of it any more until the transaction ends. */
export async function holdSource(tx: Write, userId: string, sourceId: string): Promise<void> {
  await sql`select from sources where user_id = ${userId} and source_id = ${sourceId} for update`.execute(tx)
}

/** The caller holds it. */
export async function deleteToldDevice(tx: Write, userId: string, deviceId: string): Promise<void> {
  await sql`delete from devices where user_id = ${userId} and device_id = ${deviceId}`.execute(tx)
}
