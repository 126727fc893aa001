import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Read, Write } from '../../platform/db/database.ts'

export interface PhoneConnection {
  connection_id: string
  is_new: boolean
}

/** Each installation of an app is a connection of its own; one that was disconnected comes back when it pushes again. */
export async function joinPhone(
  tx: Write,
  userId: string,
  of: { provider: string; installation: string; profile: object; now: Date },
): Promise<PhoneConnection> {
  const { rows } = await sql<PhoneConnection>`
    insert into connections as c (user_id, connection_id, provider, provider_account, short_id, status, auth_kind, provider_profile, connected_at, last_success_at)
    values (${userId}, ${uuidv7()}, ${of.provider}, ${of.installation}, next_short_id(${userId}, ${of.provider}), 'active', 'none',
      ${JSON.stringify(of.profile)}::jsonb, ${of.now}, ${of.now})
    on conflict (user_id, provider, provider_account) do update
      set status = case when c.paused_at is null then 'active' else 'paused' end, last_success_at = excluded.last_success_at, last_sync_at = excluded.last_success_at, updated_at = now(),
        error_code = null, error_message = null, provider_profile = c.provider_profile || excluded.provider_profile
    returning connection_id, xmax = 0 as is_new`.execute(tx)
  const [row] = rows
  if (!row) throw new Error('broken assumption: a connection that was put there is there')
  return row
}

export interface PhoneRecordRow {
  id_hash: Buffer
  version: number
  source_id: string | null
  type: string | null
  at: Date | null
}

export async function findPhoneRecords(
  tx: Read,
  userId: string,
  connectionId: string,
  hashes: readonly Buffer[],
): Promise<PhoneRecordRow[]> {
  if (!hashes.length) return []
  const { rows } = await sql<PhoneRecordRow>`
    select id_hash, version::float8 as version, source_id, type, at from phone_records
    where user_id = ${userId} and connection_id = ${connectionId} and id_hash = any (${[...hashes]}::bytea[])`.execute(
    tx,
  )
  return rows
}

export async function putPhoneRecords(
  tx: Write,
  userId: string,
  connectionId: string,
  records: readonly PhoneRecordRow[],
): Promise<void> {
  if (!records.length) return
  await sql`
    insert into phone_records as known (user_id, connection_id, id_hash, version, source_id, type, at)
    select distinct on (n.id_hash) ${userId}::uuid, ${connectionId}::uuid, n.id_hash, n.version, n.source_id, n.type, n.at
    from unnest(${records.map(({ id_hash }) => id_hash)}::bytea[], ${records.map(({ version }) => version)}::int8[],
      ${records.map(({ source_id }) => source_id)}::uuid[], ${records.map(({ type }) => type)}::text[], ${records.map(({ at }) => at)}::timestamptz[])
      as n (id_hash, version, source_id, type, at)
    order by n.id_hash, n.version desc
    on conflict (user_id, connection_id, id_hash) do update
      set version = excluded.version, source_id = excluded.source_id, type = excluded.type, at = excluded.at`.execute(
    tx,
  )
}

export async function deletePhoneRecords(
  tx: Write,
  userId: string,
  connectionId: string,
  hashes: readonly Buffer[],
): Promise<void> {
  if (!hashes.length) return
  await sql`
    delete from phone_records
    where user_id = ${userId} and connection_id = ${connectionId} and id_hash = any (${[...hashes]}::bytea[])`.execute(
    tx,
  )
}

/** Which of some ids stand for a value now. */
export async function findValuesById(tx: Read, userId: string, hashes: readonly Buffer[]): Promise<Buffer[]> {
  const { rows } = await sql<{ id_hash: Buffer }>`
    select distinct id_hash from record_ref where user_id = ${userId} and id_hash = any (${[...hashes]}::bytea[])`.execute(
    tx,
  )
  return rows.map(({ id_hash }) => id_hash)
}

export async function sourceOfKey(
  tx: Read,
  userId: string,
  connectionId: string,
  key: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sources where user_id = ${userId} and connection_id = ${connectionId} and external_key = ${key}`.execute(
    tx,
  )
  return rows[0]?.source_id
}

export async function putCursor(
  tx: Write,
  userId: string,
  connectionId: string,
  cursor: Readonly<Record<string, unknown>>,
): Promise<void> {
  const type = typeof cursor['type'] === 'string' ? cursor['type'].slice(0, 200) : '*'
  await sql`
    insert into phone_cursors (user_id, connection_id, type, cursor)
    values (${userId}, ${connectionId}, ${type}, ${JSON.stringify(cursor)}::jsonb)
    on conflict (user_id, connection_id, type) do update set cursor = excluded.cursor, updated_at = now()`.execute(tx)
}

export interface PushRun {
  syncId: string
  connectionId: string
  provider: string
  status: 'completed' | 'partial'
  startedAt: Date
  endedAt: Date
  received: number
  inserted: number
  updated: number
  skipped: number
  failed: number
}

export async function putPushRun(tx: Write, userId: string, run: PushRun): Promise<void> {
  await sql`
    insert into sync_runs (user_id, sync_id, connection_id, provider, trigger, status, started_at, ended_at, records_fetched, records_inserted,
      records_updated, records_skipped, records_failed)
    values (${userId}, ${run.syncId}, ${run.connectionId}, ${run.provider}, 'push', ${run.status}, ${run.startedAt},
      ${run.endedAt}, ${run.received}, ${run.inserted}, ${run.updated}, ${run.skipped}, ${run.failed})`.execute(tx)
}
