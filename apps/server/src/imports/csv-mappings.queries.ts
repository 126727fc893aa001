import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface MappingRow {
  mapping_id: string
  mapping: Record<string, unknown>
  created_at: Date
}

export async function listMappings(tx: Read, userId: string): Promise<MappingRow[]> {
  const { rows } = await sql<MappingRow>`
    select mapping_id, mapping, created_at from csv_mappings
    where user_id = ${userId}
    order by mapping_id`.execute(tx)
  return rows
}

export async function hasMapping(tx: Read, userId: string, headerHash: Buffer): Promise<boolean> {
  const { rows } = await sql`
    select from csv_mappings where user_id = ${userId} and header_hash = ${headerHash}`.execute(tx)
  return rows.length > 0
}

/** In the place of one for the same header. */
export async function putMapping(
  tx: Write,
  row: { userId: string; mappingId: string; headerHash: Buffer; mapping: unknown },
): Promise<MappingRow> {
  const { rows } = await sql<MappingRow>`
    insert into csv_mappings (user_id, mapping_id, header_hash, mapping)
    values (${row.userId}, ${row.mappingId}, ${row.headerHash}, ${JSON.stringify(row.mapping)}::jsonb)
    on conflict (user_id, header_hash) do update set mapping = excluded.mapping
    returning mapping_id, mapping, created_at`.execute(tx)
  const [made] = rows
  if (!made) throw new Error('broken assumption: what was inserted or replaced is there')
  return made
}

export async function deleteMapping(tx: Write, userId: string, mappingId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from csv_mappings where user_id = ${userId} and mapping_id = ${mappingId}`.execute(tx)
  return numAffectedRows === 1n
}

/** Tables with this header are read now; an import that had ended goes on with them. */
export async function queueWaiting(tx: Write, userId: string, headerHash: Buffer): Promise<void> {
  await sql`
    with woken as (
      update import_files set status = 'queued', reason = null, bytes_read = 0, header_hash = null
      where user_id = ${userId} and header_hash = ${headerHash} and status = 'waiting'
      returning user_id, import_id, bytes
    ), counted as (
      select user_id, import_id, count(*)::int4 as n, sum(bytes)::int8 as bytes from woken group by user_id, import_id
    )
    update imports i
    set status = case when i.status = 'reading' then i.status else 'queued' end, finished_at = null,
      bytes_done = i.bytes_done - c.bytes,
      files_ended = case
        when (i.files_ended->>'waiting')::int4 > c.n
          then i.files_ended || jsonb_build_object('waiting', (i.files_ended->>'waiting')::int4 - c.n)
        else i.files_ended - 'waiting'
      end
    from counted c
    where i.user_id = c.user_id and i.import_id = c.import_id`.execute(tx)
}

export async function findFileAt(
  tx: Read,
  userId: string,
  importId: string,
  position: number,
): Promise<{ file_id: string; bytes: number } | undefined> {
  const { rows } = await sql<{ file_id: string; bytes: number }>`
    select file_id, bytes from import_files
    where user_id = ${userId} and import_id = ${importId} and position = ${position}`.execute(tx)
  return rows[0]
}
