/** The queue of imports: who holds which, for how long, and what its files came to. All of it runs as trb_writer. */
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

/** An import in the hands of a worker. */
export interface Held {
  userId: string
  importId: string
  /** Made anew for each claim. Whoever finds another one in the row has lost the import. */
  lease: string
  /** How many workers died over the file that is next. */
  deaths: number
}

/**
 * The oldest import that nobody holds. One whose lease ran out under its holder was left by a worker that died;
 * one that was handed back has no holder.
 */
export async function claimImport(tx: Write, lease: string, leaseMs: number): Promise<Held | undefined> {
  const { rows } = await sql<{ user_id: string; import_id: string; deaths: number }>`
    update imports as i
    set status = 'reading', leased_by = ${lease}, leased_until = now() + ${leaseMs} * interval '1 ms',
      started_at = coalesce(i.started_at, now()), deaths = i.deaths + (i.leased_by is not null)::int, resumed_at = now(),
      resumed_bytes = i.bytes_done + (
        select coalesce(sum(f.bytes_read), 0) from import_files f
        where f.user_id = i.user_id and f.import_id = i.import_id and f.status = 'reading'
      )
    from (
      select user_id, import_id from imports
      where status in ('queued', 'reading') and (leased_until is null or leased_until < now())
      order by created_at
      limit 1
      for update skip locked
    ) as next
    where i.user_id = next.user_id and i.import_id = next.import_id
    returning i.user_id, i.import_id, i.deaths`.execute(tx)
  const [row] = rows
  return row && { userId: row.user_id, importId: row.import_id, lease, deaths: row.deaths }
}

/** False when the import is somebody else's by now. */
export async function renewLease(tx: Write, { userId, importId, lease }: Held, leaseMs: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update imports set leased_until = now() + ${leaseMs} * interval '1 ms'
    where user_id = ${userId} and import_id = ${importId} and leased_by = ${lease}`.execute(tx)
  return numAffectedRows === 1n
}

/** Lets another worker have it, after a pause. */
export async function handBack(tx: Write, { userId, importId, lease }: Held, pauseMs: number): Promise<void> {
  await sql`
    update imports set leased_by = null, leased_until = now() + ${pauseMs} * interval '1 ms'
    where user_id = ${userId} and import_id = ${importId} and leased_by = ${lease}`.execute(tx)
}

export class LeaseLost extends Error {
  override name = 'LeaseLost'
}

/** Holds the row until the end of the transaction, so that what follows is written by one worker only. */
export async function assertHeld(tx: Write, { userId, importId, lease }: Held): Promise<void> {
  const { rows } = await sql`
    select from imports
    where user_id = ${userId} and import_id = ${importId} and leased_by = ${lease}
    for no key update`.execute(tx)
  if (!rows.length) throw new LeaseLost('another worker has taken the import over')
}

export interface QueuedFile {
  position: number
  file_id: string
  name: string
  bytes: number
  depth: number
  /** Some were taken out of it before. */
  hasInnerFiles: boolean
}

/** The next of them: an archive may have thousands, and adds more while it is read. */
export async function listUnreadFiles(tx: Read, { userId, importId }: Held, most: number): Promise<QueuedFile[]> {
  const { rows } = await sql<QueuedFile>`
    select f.position, f.file_id, f.name, f.bytes, f.depth, exists (
      select from import_files inner_file
      where inner_file.user_id = f.user_id and inner_file.import_id = f.import_id and inner_file.parent = f.position
    ) as "hasInnerFiles"
    from import_files f
    where f.user_id = ${userId} and f.import_id = ${importId} and f.status in ('queued', 'reading')
    order by f.position
    limit ${most}`.execute(tx)
  return rows
}

/** False when the import is not ours any more: somebody cancelled it, or took it over. */
export async function noteProgress(
  tx: Write,
  { userId, importId, lease }: Held,
  position: number,
  { bytes, records }: { bytes: number; records: number },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update import_files f set status = 'reading', bytes_read = greatest(f.bytes_read, ${bytes}), records = greatest(f.records, ${records})
    from imports i
    where f.user_id = ${userId} and f.import_id = ${importId} and f.position = ${position} and f.status in ('queued', 'reading')
      and i.user_id = f.user_id and i.import_id = f.import_id and i.leased_by = ${lease}`.execute(tx)
  return numAffectedRows === 1n
}

export interface FileResult {
  status: 'done' | 'partial' | 'failed' | 'duplicate' | 'waiting'
  format: string | null
  records: number
  samples: number
  changed: number
  duplicates: number
  sessions: number
  sessionIds: readonly string[]
  rejected: number
  rejections: readonly unknown[]
  /** Added to those that were noted on the way. */
  warnings: readonly unknown[]
  reason: string | null
}

/** A file's last word, and what it adds to the import's. The worker got through it alive, so the count of deaths begins anew. */
export async function putResult(
  tx: Write,
  { userId, importId }: Held,
  position: number,
  result: FileResult,
): Promise<void> {
  await sql`
    with file as (
      update import_files
      set status = ${result.status}, format = ${result.format}, bytes_read = bytes, records = ${result.records},
        samples = ${result.samples}, changed = ${result.changed}, duplicates = ${result.duplicates},
        sessions = ${result.sessions}, session_ids = ${[...result.sessionIds]}::uuid[],
        rejected = ${result.rejected}, rejections = ${JSON.stringify(result.rejections)}::jsonb,
        warnings = warnings || ${JSON.stringify(result.warnings)}::jsonb, reason = ${result.reason}
      where user_id = ${userId} and import_id = ${importId} and position = ${position} and status in ('queued', 'reading')
      returning *
    )
    update imports i
    set deaths = 0, bytes_done = i.bytes_done + f.bytes, records = i.records + f.records, samples = i.samples + f.samples,
      sessions = i.sessions + f.sessions, duplicates = i.duplicates + f.duplicates, rejected = i.rejected + f.rejected,
      deleted = i.deleted + f.deleted,
      files_ended = i.files_ended || jsonb_build_object(f.status, coalesce((i.files_ended->>f.status)::int4, 0) + 1)
    from file f
    where i.user_id = f.user_id and i.import_id = f.import_id`.execute(tx)
}

/** What the files came to together. */
export async function finishImport(tx: Write, { userId, importId }: Held): Promise<void> {
  await sql`
    update imports
    set finished_at = now(), leased_by = null, leased_until = null,
      status = case
        when coalesce((files_ended->>'failed')::int4, 0) = files_total then 'failed'
        when files_ended ?| array['failed', 'partial', 'waiting'] then 'partial'
        else 'done'
      end
    where user_id = ${userId} and import_id = ${importId}`.execute(tx)
}

/** What a newer export no longer has, as counted while it was deleted. */
export async function readDeleted(tx: Read, { userId, importId }: Held, position: number): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    select deleted from import_files
    where user_id = ${userId} and import_id = ${importId} and position = ${position}`.execute(tx)
  return rows[0]?.deleted ?? 0
}

/** Why an import that is not ended does not go on, said at the file that is next. */
export async function noteWaiting(tx: Write, { userId, importId }: Held, reason: string): Promise<void> {
  await sql`
    update import_files set reason = ${reason}
    where user_id = ${userId} and import_id = ${importId} and position = (
      select min(position) from import_files
      where user_id = ${userId} and import_id = ${importId} and status in ('queued', 'reading')
    )`.execute(tx)
}

/** Which mapping a table waits for. */
export async function noteHeader(tx: Write, { userId, importId }: Held, position: number, hash: Buffer): Promise<void> {
  await sql`
    update import_files set header_hash = ${hash}
    where user_id = ${userId} and import_id = ${importId} and position = ${position}`.execute(tx)
}
