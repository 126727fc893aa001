import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface NewImport {
  userId: string
  importId: string
  files: readonly { fileId: string; name: string; bytes: number }[]
}

export async function insertImport(tx: Write, { userId, importId, files }: NewImport): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  await sql`
    insert into imports (user_id, import_id, bytes_total)
    values (${userId}, ${importId}, ${total})`.execute(tx)
  await sql`
    insert into import_files (user_id, import_id, position, file_id, name, bytes)
    select ${userId}::uuid, ${importId}::uuid, at - 1, file_id, name, bytes
    from unnest(${files.map((file) => file.fileId)}::uuid[], ${files.map((file) => file.name)}::text[],
      ${files.map((file) => file.bytes)}::int8[]) with ordinality as given (file_id, name, bytes, at)`.execute(tx)
}

export type ImportStatus = 'queued' | 'reading' | 'done' | 'partial' | 'failed' | 'cancelled'

export interface ImportRow {
  user_id: string
  import_id: string
  status: ImportStatus
  bytes_total: number
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

/** Newest first: import ids begin with their time. */
export async function listImportRows(
  tx: Read,
  userId: string,
  before: string | undefined,
  limit: number,
): Promise<ImportRow[]> {
  const { rows } = await sql<ImportRow>`
    select user_id, import_id, status, bytes_total, created_at, started_at, finished_at
    from imports
    where user_id = ${userId} ${before ? sql`and import_id < ${before}` : sql``}
    order by import_id desc
    limit ${limit}`.execute(tx)
  return rows
}

export async function findImportRow(tx: Read, userId: string, importId: string): Promise<ImportRow | undefined> {
  const { rows } = await sql<ImportRow>`
    select user_id, import_id, status, bytes_total, created_at, started_at, finished_at
    from imports
    where user_id = ${userId} and import_id = ${importId}`.execute(tx)
  return rows[0]
}

export interface ImportFileRow {
  import_id: string
  file_id: string
  name: string
  format: string | null
  status: ImportStatus | 'duplicate'
  bytes: number
  bytes_read: number
  records: number
  samples: number
  changed: number
  duplicates: number
  sessions: number
  session_ids: string[]
  rejected: number
  rejections: { index: number; code: string; detail: string }[]
  warnings: { code: string; detail: string }[]
  reason: string | null
}

/** In the order they were sent. Of their sessions those that are still there. */
export async function listImportFiles(
  tx: Read,
  userId: string,
  importIds: readonly string[],
): Promise<ImportFileRow[]> {
  const { rows } = await sql<ImportFileRow>`
    select f.import_id, f.file_id, f.name, f.format, f.status, f.bytes, f.bytes_read, f.records, f.samples, f.changed, f.duplicates,
      f.sessions, f.rejected, f.rejections, f.warnings, f.reason,
      array(
        select s.session_id from sessions s
        where s.user_id = f.user_id and s.session_id = any(f.session_ids) and s.deleted_at is null
        order by s.start_at, s.session_id
      ) as session_ids
    from import_files f
    where f.user_id = ${userId} and f.import_id = any(${[...importIds]}::uuid[])
    order by f.import_id, f.position`.execute(tx)
  return rows
}
