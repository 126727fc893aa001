/** What is stored of a family of archives, and how it goes when a newer export lacks it. All of it runs as trb_writer. */
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { Statement } from '../platform/samples/sql.ts'

export interface HeldSeries {
  series_id: number
  metric: string
  key: string
}

export async function listSeriesOfArchive(tx: Read, userId: string, archive: string): Promise<HeldSeries[]> {
  const { rows } = await sql<HeldSeries>`
    select e.series_id, e.metric, s.external_key as key
    from sources s join series e on e.user_id = s.user_id and e.source_id = s.source_id
    where s.user_id = ${userId} and s.archive = ${archive}
    order by e.series_id`.execute(tx)
  return rows
}

export interface HeldDay {
  source_id: string
  key: string
  metric: string
  day_on: string
}

/** Of what lies before the export was made: of later things it cannot know. */
export interface HeldBefore {
  userId: string
  archive: string
  asOf: Date
}

/** Rows read at once: a family may have millions. */
export const heldPage = 10_000

/** The page behind `after`, in the order of their key, as are the others. */
export async function pageDaysOfArchive(
  tx: Read,
  { userId, archive, asOf }: HeldBefore,
  after?: HeldDay,
): Promise<HeldDay[]> {
  const { rows } = await sql<HeldDay>`
    select s.source_id, s.external_key as key, d.metric, d.day_on
    from sources s join source_days d on d.user_id = s.user_id and d.source_id = s.source_id
    where s.user_id = ${userId} and s.archive = ${archive} and d.day_on < (${asOf}::timestamptz at time zone 'UTC')::date
      ${after ? sql`and (d.source_id, d.metric, d.day_on) > (${after.source_id}, ${after.metric}, ${after.day_on})` : sql``}
    order by d.source_id, d.metric, d.day_on
    limit ${heldPage}`.execute(tx)
  return rows
}

export interface HeldEvent {
  source_id: string
  event_id: string
  key: string
  metric: string
  start_at: Date
  /** The same to the microsecond, of which a Date knows nothing: the next page begins exactly behind it. */
  started: string
  external_id: string
}

export async function pageEventsOfArchive(
  tx: Read,
  { userId, archive, asOf }: HeldBefore,
  after?: HeldEvent,
): Promise<HeldEvent[]> {
  const { rows } = await sql<HeldEvent>`
    select e.source_id, e.event_id, s.external_key as key, e.metric, e.start_at, e.start_at::text as started, e.external_id
    from sources s join events e on e.user_id = s.user_id and e.source_id = s.source_id
    where s.user_id = ${userId} and s.archive = ${archive} and e.start_at < ${asOf}
      ${after ? sql`and (e.source_id, e.metric, e.start_at, e.external_id) > (${after.source_id}, ${after.metric}, ${after.started}::timestamptz, ${after.external_id})` : sql``}
    order by e.source_id, e.metric, e.start_at, e.external_id
    limit ${heldPage}`.execute(tx)
  return rows
}

export interface HeldSession {
  session_id: string
  key: string
  external_id: string
}

export async function pageSessionsOfArchive(
  tx: Read,
  { userId, archive, asOf }: HeldBefore,
  after?: HeldSession,
): Promise<HeldSession[]> {
  const { rows } = await sql<HeldSession>`
    select e.session_id, s.external_key as key, e.external_id
    from sources s join sessions e on e.user_id = s.user_id and e.source_id = s.source_id
    where s.user_id = ${userId} and s.archive = ${archive} and e.deleted_at is null and e.start_at < ${asOf}
      ${after ? sql`and e.session_id > ${after.session_id}` : sql``}
    order by e.session_id
    limit ${heldPage}`.execute(tx)
  return rows
}

export async function deleteHeldDays(tx: Write, userId: string, days: readonly HeldDay[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from source_days d
    using unnest(${days.map((day) => day.source_id)}::uuid[], ${days.map((day) => day.metric)}::text[], ${days.map((day) => day.day_on)}::date[])
      as gone (source_id, metric, day_on)
    where d.user_id = ${userId} and d.source_id = gone.source_id and d.metric = gone.metric and d.day_on = gone.day_on`.execute(
    tx,
  )
  return Number(numAffectedRows)
}

export async function deleteHeldEvents(tx: Write, userId: string, ids: readonly string[]): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from events where user_id = ${userId} and event_id = any(${[...ids]}::uuid[])`.execute(tx)
  return Number(numAffectedRows)
}

/** When the newest full export of the family was made that was read to its end. */
export async function findArchiveRead(tx: Read, userId: string, family: string): Promise<Date | undefined> {
  const { rows } = await sql<{ as_of: Date }>`
    select as_of from archive_reads where user_id = ${userId} and archive = ${family}`.execute(tx)
  return rows[0]?.as_of
}

export async function putArchiveRead(
  tx: Write,
  { userId, family, asOf, importId }: { userId: string; family: string; asOf: Date; importId: string },
): Promise<void> {
  await sql`
    insert into archive_reads as known (user_id, archive, as_of, import_id)
    values (${userId}, ${family}, ${asOf}, ${importId})
    on conflict (user_id, archive) do update set as_of = excluded.as_of, import_id = excluded.import_id
      where known.as_of < excluded.as_of`.execute(tx)
}

/** In the transaction of what was deleted, so that a worker which begins again counts on. No row when the import is not ours any more. */
export const addDeleted = {
  name: 'imports_add_deleted',
  text: `
    update import_files f set deleted = f.deleted + $4::int8
    from imports i
    where f.user_id = $1 and f.import_id = $2 and f.position = $3 and i.user_id = f.user_id and i.import_id = f.import_id and i.leased_by = $5
    returning f.position`,
} as const satisfies Statement

export async function addDeletedRows(
  tx: Write,
  { userId, importId, position, deleted }: { userId: string; importId: string; position: number; deleted: number },
): Promise<void> {
  await sql`
    update import_files set deleted = deleted + ${deleted}
    where user_id = ${userId} and import_id = ${importId} and position = ${position}`.execute(tx)
}
