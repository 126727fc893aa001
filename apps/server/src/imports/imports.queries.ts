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
    insert into imports (user_id, import_id, bytes_total, files_total)
    values (${userId}, ${importId}, ${total}, ${files.length})`.execute(tx)
  await sql`
    insert into import_files (user_id, import_id, position, file_id, name, bytes)
    select ${userId}::uuid, ${importId}::uuid, at - 1, file_id, name, bytes
    from unnest(${files.map((file) => file.fileId)}::uuid[], ${files.map((file) => file.name)}::text[],
      ${files.map((file) => file.bytes)}::int8[]) with ordinality as given (file_id, name, bytes, at)`.execute(tx)
}

export interface InnerFile {
  entry: number
  fileId: string
  name: string
  bytes: number
  warnings: readonly unknown[]
  /** Of one that is not to be read: it has ended. */
  status: 'queued' | 'done' | 'duplicate'
}

/** Behind the others of the import. Whoever writes them holds the import's row, so nobody else counts at this moment. */
export async function insertInnerFiles(
  tx: Write,
  of: { userId: string; importId: string; parent: number; depth: number },
  files: readonly InnerFile[],
): Promise<void> {
  const ended = files.filter(({ status }) => status !== 'queued')
  const sum = (some: readonly InnerFile[]) => some.reduce((sum, { bytes }) => sum + bytes, 0)
  await sql`
    with counted as (
      update imports set files_total = files_total + ${files.length},
        bytes_total = bytes_total + ${sum(files)}, bytes_done = bytes_done + ${sum(ended)},
        files_ended = files_ended || (
          select coalesce(jsonb_object_agg(status, n + coalesce((files_ended->>status)::int4, 0)), '{}')
          from (select status, count(*) as n from unnest(${ended.map(({ status }) => status)}::text[]) as e (status) group by status) as e
        )
      where user_id = ${of.userId} and import_id = ${of.importId}
      returning files_total - ${files.length} as first
    )
    insert into import_files (user_id, import_id, position, file_id, name, bytes, bytes_read, status, parent, entry, depth, warnings)
    select ${of.userId}::uuid, ${of.importId}::uuid, counted.first + at - 1, file_id, name, bytes, case status when 'queued' then 0 else bytes end, status, ${of.parent}::int4, entry, ${of.depth}::int2, warnings
    from counted, unnest(${files.map((file) => file.fileId)}::uuid[], ${files.map((file) => file.name)}::text[],
      ${files.map((file) => file.bytes)}::int8[], ${files.map((file) => file.entry)}::int4[], ${files.map((file) => file.status)}::text[],
      ${files.map((file) => JSON.stringify(file.warnings))}::jsonb[]) with ordinality as given (file_id, name, bytes, entry, status, warnings, at)`.execute(
    tx,
  )
}

/** Which of these files the import has already, no deeper than they would be now: what is deeper is read less far. */
export async function listFilesBefore(
  tx: Read,
  { userId, importId, depth }: { userId: string; importId: string; depth: number },
  fileIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ file_id: string }>`
    select distinct file_id from import_files
    where user_id = ${userId} and import_id = ${importId} and depth <= ${depth} and file_id = any(${[...fileIds]}::uuid[])`.execute(
    tx,
  )
  return rows.map(({ file_id }) => file_id)
}

/** Under which id each file inside is stored that was only kept, by its name. */
export async function listKeptFiles(
  tx: Read,
  userId: string,
  importId: string,
  position: number,
): Promise<{ name: string; file_id: string }[]> {
  const { rows } = await sql<{ name: string; file_id: string }>`
    select name, file_id from import_files
    where user_id = ${userId} and import_id = ${importId} and parent = ${position} and format is null and status in ('done', 'duplicate')`.execute(
    tx,
  )
  return rows
}

/** The places in the archive of the files that were taken out of it. */
export async function listTakenEntries(
  tx: Read,
  userId: string,
  importId: string,
  position: number,
): Promise<number[]> {
  const { rows } = await sql<{ entry: number }>`
    select entry from import_files
    where user_id = ${userId} and import_id = ${importId} and parent = ${position}`.execute(tx)
  return rows.map(({ entry }) => entry)
}

export type ImportStatus = 'queued' | 'reading' | 'done' | 'partial' | 'failed' | 'cancelled'

export interface ImportRow {
  user_id: string
  import_id: string
  status: ImportStatus
  bytes_total: number
  /** Read so far, of ended files and those being read. */
  bytes: number
  records: number
  samples: number
  sessions: number
  duplicates: number
  rejected: number
  deleted: number
  files_total: number
  files_ended: Partial<Record<FileStatus, number>>
  /** Being read at this moment. */
  files_reading: number
  created_at: Date
  finished_at: Date | null
  resumed_at: Date | null
  resumed_bytes: number
}

export type FileStatus = ImportStatus | 'duplicate' | 'waiting'

/** What the open files add is looked up among few, whatever the import has in all. */
const importColumns = sql`
  i.user_id, i.import_id, i.status, i.bytes_total, i.bytes_done + now.bytes as bytes, i.records + now.records as records, i.samples,
  i.sessions, i.duplicates, i.rejected, i.deleted, i.files_total, i.files_ended, now.files as files_reading, i.created_at, i.finished_at,
  i.resumed_at, i.resumed_bytes`

const withOpenFiles = sql`
  imports i cross join lateral (
    select coalesce(sum(bytes_read), 0)::int8 as bytes, coalesce(sum(records), 0)::int8 as records, count(*)::int4 as files
    from import_files f
    where f.user_id = i.user_id and f.import_id = i.import_id and f.status = 'reading'
  ) as now`

/** Newest first: import ids begin with their time. */
export async function listImportRows(
  tx: Read,
  userId: string,
  before: string | undefined,
  limit: number,
): Promise<ImportRow[]> {
  const { rows } = await sql<ImportRow>`
    select ${importColumns} from ${withOpenFiles}
    where i.user_id = ${userId} ${before ? sql`and i.import_id < ${before}` : sql``}
    order by i.import_id desc
    limit ${limit}`.execute(tx)
  return rows
}

export async function findImportRow(tx: Read, userId: string, importId: string): Promise<ImportRow | undefined> {
  const { rows } = await sql<ImportRow>`
    select ${importColumns} from ${withOpenFiles}
    where i.user_id = ${userId} and i.import_id = ${importId}`.execute(tx)
  return rows[0]
}

export interface ImportFileRow {
  import_id: string
  file_id: string
  position: number
  name: string
  format: string | null
  status: FileStatus
  bytes: number
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

/** Of their sessions those that are still there. */
const fileColumns = sql`
  f.import_id, f.file_id, f.position, f.name, f.format, f.status, f.bytes, f.records, f.samples, f.changed, f.duplicates,
  f.sessions, f.rejected, f.rejections, f.warnings, f.reason,
  array(
    select s.session_id from sessions s
    where s.user_id = f.user_id and s.session_id = any(f.session_ids) and s.deleted_at is null
    order by s.start_at, s.session_id
  ) as session_ids`

/** Of each import the first of its files, those that somebody should look at before all others. */
export async function listFirstFiles(
  tx: Read,
  userId: string,
  importIds: readonly string[],
  most: number,
): Promise<ImportFileRow[]> {
  const { rows } = await sql<ImportFileRow>`
    select ${fileColumns}
    from unnest(${[...importIds]}::uuid[]) as wanted (import_id) cross join lateral (
      select * from import_files f
      where f.user_id = ${userId} and f.import_id = wanted.import_id
      order by (f.status in ('failed', 'waiting', 'partial')) desc, f.position
      limit ${most}
    ) as f
    order by f.import_id, (f.status in ('failed', 'waiting', 'partial')) desc, f.position`.execute(tx)
  return rows
}

/** In the order they are read. */
export async function listFilesAfter(
  tx: Read,
  userId: string,
  importId: string,
  page: { status: FileStatus | undefined; after: number; limit: number },
): Promise<ImportFileRow[]> {
  const { rows } = await sql<ImportFileRow>`
    select ${fileColumns} from import_files f
    where f.user_id = ${userId} and f.import_id = ${importId} and f.position > ${page.after}
      ${page.status ? sql`and f.status = ${page.status}` : sql``}
    order by f.position
    limit ${page.limit}`.execute(tx)
  return rows
}
