import { sql } from 'kysely'
import type { Read, Write } from '../db/database.ts'
import type { FlushStatement } from '../samples/flush.queries.ts'

/** One record, as it is written; all of a step travel as one JSON array. */
export interface NewRecord {
  record_id: string
  kind: 'record' | 'reading'
  source_id: string | null
  source: unknown
  place: number
  code: string
  detail: string
  raw: string
}

/** Records of a step's samples, in their transaction. */
export const insertRefused = {
  name: 'imports_insert_refused',
  types: ['uuid', 'uuid', 'int4', 'text', 'text', 'jsonb'],
  text: `
    insert into quarantine (user_id, import_id, position, file_name, format, record_id, kind, source_id, source, place, code, detail, raw)
    select n.user_id, n.import_id, n.position, n.file_name, n.format, r.*
    from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::text[], $5::text[], $6::jsonb[])
        as n (user_id, import_id, position, file_name, format, records),
      jsonb_to_recordset(n.records) as r (record_id uuid, kind text, source_id uuid, source jsonb, place int8, code text, detail text, raw text)`,
} as const satisfies FlushStatement

/** Of one list of a connection. Whatever comes beyond is counted by its run, and can be read again from the kept answers. */
export const mostOfFeed = 1_000

/** As above, of a connection. A record that waits already stays as it is: a look back tells it again. */
export const insertRefusedOfConnection = {
  name: 'quarantine_insert_of_connection',
  types: ['uuid', 'uuid', 'text', 'text', 'jsonb'],
  text: `
    insert into quarantine (user_id, connection_id, feed, format, record_id, kind, source_id, source, place, code, detail, raw)
    select n.user_id, n.connection_id, n.feed, n.format, r.*
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::jsonb[]) as n (user_id, connection_id, feed, format, records),
      jsonb_to_recordset(n.records) as r (record_id uuid, kind text, source_id uuid, source jsonb, place int8, code text, detail text, raw text)
    where not exists (
        select from quarantine q
        where q.user_id = n.user_id and q.connection_id = n.connection_id and q.feed is not distinct from n.feed and q.raw = r.raw)
      and ${mostOfFeed} > (
        select count(*) from quarantine q
        where q.user_id = n.user_id and q.connection_id = n.connection_id and q.feed is not distinct from n.feed)`,
} as const satisfies FlushStatement

export async function countQuarantined(tx: Read, userId: string, importId: string, position: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int4 as n from quarantine
    where user_id = ${userId} and import_id = ${importId} and position = ${position}`.execute(tx)
  return rows[0]?.n ?? 0
}

export interface QuarantineRow extends NewRecord {
  import_id: string | null
  position: number | null
  file_name: string | null
  format: string
  created_at: Date
  connection_id: string | null
  feed: string | null
}

const columns = sql`record_id, import_id, position, file_name, format, kind, source_id, source, place, code, detail, raw, created_at, connection_id, feed`

interface Filter {
  importId: string | undefined
  connectionId: string | undefined
  code: string | undefined
}

const wanted = (userId: string, { importId, connectionId, code }: Filter) => sql`
  user_id = ${userId} ${importId ? sql`and import_id = ${importId}` : sql``}
  ${connectionId ? sql`and connection_id = ${connectionId}` : sql``} ${code ? sql`and code = ${code}` : sql``}`

/** Newest first: their ids begin with their time. */
export async function listQuarantined(
  tx: Read,
  userId: string,
  filter: Filter & { before: string | undefined; limit: number },
): Promise<QuarantineRow[]> {
  const { rows } = await sql<QuarantineRow>`
    select ${columns} from quarantine
    where ${wanted(userId, filter)} ${filter.before ? sql`and record_id < ${filter.before}` : sql``}
    order by record_id desc
    limit ${filter.limit}`.execute(tx)
  return rows
}

export async function totalQuarantined(tx: Read, userId: string, filter: Filter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int4 as n from quarantine where ${wanted(userId, filter)}`.execute(tx)
  return rows[0]?.n ?? 0
}

export async function findQuarantined(tx: Read, userId: string, recordId: string): Promise<QuarantineRow | undefined> {
  const { rows } = await sql<QuarantineRow>`
    select ${columns} from quarantine
    where user_id = ${userId} and record_id = ${recordId}`.execute(tx)
  return rows[0]
}

export async function deleteQuarantined(tx: Write, userId: string, recordId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from quarantine where user_id = ${userId} and record_id = ${recordId}`.execute(tx)
  return numAffectedRows === 1n
}

export async function noteReason(
  tx: Write,
  userId: string,
  recordId: string,
  { code, detail }: { code: string; detail: string },
): Promise<void> {
  await sql`
    update quarantine set code = ${code}, detail = ${detail}
    where user_id = ${userId} and record_id = ${recordId}`.execute(tx)
}

/** Records of a step without samples. */
export async function insertRecords(
  tx: Write,
  of: { userId: string; importId: string; position: number; fileName: string; format: string },
  records: readonly NewRecord[],
): Promise<void> {
  await sql`
    insert into quarantine (user_id, import_id, position, file_name, format, record_id, kind, source_id, source, place, code, detail, raw)
    select ${of.userId}::uuid, ${of.importId}::uuid, ${of.position}::int4, ${of.fileName}::text, ${of.format}::text, r.*
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb)
      as r (record_id uuid, kind text, source_id uuid, source jsonb, place int8, code text, detail text, raw text)`.execute(
    tx,
  )
}
