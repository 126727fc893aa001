/** What sources told under ids of their own, found and removed by those ids. Ids of values are kept as hashes. */
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'
import type { PlanOfSource } from '../platform/sessions/keep-plans.queries.ts'
import type { Of } from './tally.ts'

export interface KnownRecord {
  id_hash: Buffer
  source_id: string
  series_id: number
  metric: string
  /** ms */
  t: number
  version: number
}

const knownColumns = sql`
  r.id_hash, r.source_id, r.series_id::float8 as series_id, s.metric, (extract(epoch from r.t0) * 1000)::float8 as t, r.version::float8 as version`

/** Of one source. */
export async function findRecords(
  tx: Read,
  { userId, sourceId }: Of,
  hashes: readonly Buffer[],
): Promise<KnownRecord[]> {
  const { rows } = await sql<KnownRecord>`
    select ${knownColumns}
    from record_ref r join series s on s.user_id = r.user_id and s.series_id = r.series_id
    where r.user_id = ${userId} and r.source_id = ${sourceId} and r.id_hash = any (${[...hashes]}::bytea[])`.execute(tx)
  return rows
}

/** Sources that a connection writes to: its own, and devices, which others write to as well. */
const ofConnection = (userId: string, connectionId: string) => sql`
  select source_id from sources where user_id = ${userId} and (connection_id = ${connectionId} or kind = 'device')`

/** In all that a connection writes to. */
export async function findRecordsOfConnection(
  tx: Read,
  { userId, connectionId }: { userId: string; connectionId: string },
  hashes: readonly Buffer[],
): Promise<KnownRecord[]> {
  const { rows } = await sql<KnownRecord>`
    select ${knownColumns}
    from record_ref r join series s on s.user_id = r.user_id and s.series_id = r.series_id
    where r.user_id = ${userId} and r.id_hash = any (${[...hashes]}::bytea[])
      and r.source_id in (${ofConnection(userId, connectionId)})`.execute(tx)
  return rows
}

/** Points that another record stands at as well: they stay when one of the two goes. */
export async function findShared(
  tx: Read,
  userId: string,
  gone: readonly Pick<KnownRecord, 'id_hash' | 'source_id' | 'series_id' | 't'>[],
): Promise<{ series_id: number; t: number }[]> {
  const { rows } = await sql<{ series_id: number; t: number }>`
    select distinct r.series_id::float8 as series_id, (extract(epoch from r.t0) * 1000)::float8 as t
    from record_ref r
    join unnest(${gone.map(({ series_id }) => series_id)}::int8[], ${gone.map(({ t }) => new Date(t))}::timestamptz[]) as g (series_id, t0)
      on g.series_id = r.series_id and g.t0 = r.t0
    where r.user_id = ${userId} and r.source_id = any (${[...new Set(gone.map(({ source_id }) => source_id))]}::uuid[])
      and r.id_hash <> all (${gone.map(({ id_hash }) => id_hash)}::bytea[])`.execute(tx)
  return rows
}

/** Where a record went, in the transaction of its value. */
export const putRecord = {
  name: 'ingest_put_record',
  types: ['uuid', 'uuid', 'bytea', 'text', 'timestamptz', 'int8'],
  text: `
    insert into record_ref as known (user_id, source_id, id_hash, series_id, t0, version)
    select distinct on (n.user_id, n.source_id, n.id_hash) n.user_id, n.source_id, n.id_hash, s.series_id, n.t0, n.version
    from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[], $5::timestamptz[], $6::int8[])
      as n (user_id, source_id, id_hash, metric, t0, version)
    join series s on s.user_id = n.user_id and s.source_id = n.source_id and s.metric = n.metric
    order by n.user_id, n.source_id, n.id_hash, n.version desc
    on conflict (user_id, source_id, id_hash) do update
      set series_id = excluded.series_id, t0 = excluded.t0, version = excluded.version
      where excluded.version >= known.version`,
} as const satisfies FlushStatement

export async function deleteRecords(
  tx: Write,
  { userId, connectionId }: { userId: string; connectionId: string },
  hashes: readonly Buffer[],
): Promise<Buffer[]> {
  const { rows } = await sql<{ id_hash: Buffer }>`
    delete from record_ref
    where user_id = ${userId} and id_hash = any (${[...hashes]}::bytea[])
      and source_id in (${ofConnection(userId, connectionId)})
    returning id_hash`.execute(tx)
  return rows.map(({ id_hash }) => id_hash)
}

export interface EventPlace {
  metric: string
  start_at: Date
  external_id: string
}

/** Where events of some ids stand now. */
export async function findEventsById(
  tx: Read,
  { userId, sourceId }: Of,
  externalIds: readonly string[],
): Promise<EventPlace[]> {
  const { rows } = await sql<EventPlace>`
    select metric, start_at, external_id from events
    where user_id = ${userId} and source_id = ${sourceId} and external_id = any (${[...externalIds]}::text[])`.execute(
    tx,
  )
  return rows
}

/** An event that its source moved to another time leaves its former one. */
export const removeEvent = {
  name: 'ingest_remove_event',
  types: ['uuid', 'uuid', 'text', 'timestamptz', 'text'],
  text: `
    delete from events e
    using unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[]) as g (user_id, source_id, metric, start_at, external_id)
    where e.user_id = g.user_id and e.source_id = g.source_id and e.metric = g.metric and e.start_at = g.start_at
      and e.external_id = g.external_id`,
} as const satisfies FlushStatement

export interface Gone {
  userId: string
  connectionId: string
  /** Names ids in sources that others write to. */
  provider: string
  externalIds: readonly string[]
}

/** In the connection's own sources an id is its own; in a device, which others write to as well, the provider stands before it. */
function isOneOf({ userId, connectionId, provider, externalIds }: Gone) {
  const own = [...externalIds]
  const inDevices = own.map((id) => `${provider}:${id}`)
  return sql`
    t.user_id = ${userId} and t.external_id = any (${[...own, ...inDevices]}::text[])
    and exists (
      select from sources o
      where o.user_id = ${userId} and o.source_id = t.source_id and (
        (o.connection_id = ${connectionId} and t.external_id = any (${own}::text[]))
        or (o.kind = 'device' and t.external_id = any (${inDevices}::text[])))
    )`
}

export async function findSessionsById(
  tx: Read,
  gone: Gone,
): Promise<{ session_id: string; source_id: string; external_id: string }[]> {
  const { rows } = await sql<{ session_id: string; source_id: string; external_id: string }>`
    select t.session_id, t.source_id, t.external_id from sessions t
    where t.deleted_at is null and ${isOneOf(gone)}
    order by t.session_id`.execute(tx)
  return rows
}

export async function findPlansById(tx: Read, gone: Gone): Promise<PlanOfSource[]> {
  const { rows } = await sql<PlanOfSource>`
    select t.source_id, t.external_id from planned_sessions t
    where ${isOneOf(gone)}`.execute(tx)
  return rows
}

export async function deleteEventsById(tx: Write, gone: Gone): Promise<string[]> {
  const { rows } = await sql<{ external_id: string }>`
    delete from events t
    where ${isOneOf(gone)}
    returning t.external_id`.execute(tx)
  return rows.map(({ external_id }) => external_id)
}
