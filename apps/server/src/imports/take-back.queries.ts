/** Cancelling imports, and what they brought. */
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { ImportStatus } from './imports.queries.ts'

/**
 * Waits for steps that are being stored, and ends an import that is under way: who works at it finds that it is not theirs any
 * more. Undefined when there is none; one that has ended stays as it is.
 */
export async function cancelImport(tx: Write, userId: string, importId: string): Promise<ImportStatus | undefined> {
  const { rows } = await sql<{ status: ImportStatus }>`
    select status from imports
    where user_id = ${userId} and import_id = ${importId}
    for update`.execute(tx)
  const status = rows[0]?.status
  if (status !== 'queued' && status !== 'reading') return status
  await markCancelled(tx, userId, importId, sql`status in ('queued', 'reading')`)
  return 'cancelled'
}

/** Its files, all of them or those that `which` says, and the import itself. */
export async function markCancelled(tx: Write, userId: string, importId: string, which = sql`true`): Promise<void> {
  await sql`
    update import_files set status = 'cancelled', reason = null
    where user_id = ${userId} and import_id = ${importId} and ${which}`.execute(tx)
  await sql`
    update imports i
    set status = 'cancelled', finished_at = coalesce(i.finished_at, now()), leased_by = null, leased_until = null,
      files_ended = (
        select jsonb_object_agg(status, n) from (
          select status, count(*) as n from import_files f
          where f.user_id = i.user_id and f.import_id = i.import_id
          group by status
        ) as counted
      )
    where i.user_id = ${userId} and i.import_id = ${importId}`.execute(tx)
}

/** Sessions that its files brought and that no file of another import tells of as well. */
export async function listOwnSessions(tx: Read, userId: string, importId: string): Promise<string[]> {
  const { rows } = await sql<{ session_id: string }>`
    select s.session_id from sessions s
    where s.user_id = ${userId} and s.import_id = ${importId} and s.deleted_at is null
      and not exists (
        select from import_files f
        where f.user_id = s.user_id and f.file_id = s.file_id and f.import_id <> s.import_id
          and f.status in ('done', 'partial', 'duplicate')
      )`.execute(tx)
  return rows.map((row) => row.session_id)
}

export interface Fed {
  source_id: string
  from_at: Date
  to_at: Date
  is_own: boolean
}

/** The sources that only imports fed, each with what this one and what others gave. A device that also sends by itself is not among them. */
export async function listFedSources(tx: Read, userId: string, importId: string): Promise<Fed[]> {
  const { rows } = await sql<Fed>`
    select fed.source_id, fed.from_at, fed.to_at, fed.import_id = ${importId} as is_own
    from import_sources fed
    join sources s on s.user_id = fed.user_id and s.source_id = fed.source_id
    where fed.user_id = ${userId}
      and fed.source_id in (select source_id from import_sources where user_id = ${userId} and import_id = ${importId})
      and s.kind <> 'manual'
      and not exists (select from batches b where b.user_id = s.user_id and b.device_id = s.device_id)`.execute(tx)
  return rows
}

/** Everything a source has but its sessions, which go by their files. */
export async function listTypesOf(tx: Read, userId: string, sourceId: string): Promise<string[]> {
  const { rows } = await sql<{ metric: string }>`
    select metric from series where user_id = ${userId} and source_id = ${sourceId}
    union select metric from source_days where user_id = ${userId} and source_id = ${sourceId}
    union select metric from events where user_id = ${userId} and source_id = ${sourceId}`.execute(tx)
  return [...rows.map((row) => row.metric), 'gps']
}

export async function forgetFed(tx: Write, userId: string, importId: string): Promise<void> {
  await sql`delete from import_sources where user_id = ${userId} and import_id = ${importId}`.execute(tx)
}
