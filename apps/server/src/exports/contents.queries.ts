/** What a person has, for an export: all of it as that person. Pages follow each other by key, so that memory holds one. */
import { type RawBuilder, sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'

export interface SourceRow {
  source_id: string
  name: string
  kind: string
  external_key: string | null
  archive: string | null
  manufacturer: string | null
  model: string | null
  serial_number: string | null
  firmware_version: string | null
  device_type: string | null
}

export async function listSources(tx: Read, userId: string): Promise<SourceRow[]> {
  const { rows } = await sql<SourceRow>`
    select s.source_id, coalesce(d.device_name, s.name) as name, s.kind, s.external_key, s.archive,
      d.manufacturer, d.model, d.serial_number, d.firmware_version, d.device_type
    from sources s
    left join devices d using (user_id, device_id)
    where s.user_id = ${userId}
    order by s.created_at, s.source_id`.execute(tx)
  return rows
}

/** Of what is wanted; null: everything. */
export type Wanted = readonly string[] | null

const isWanted = (wanted: Wanted): RawBuilder<unknown> =>
  wanted ? sql`metric = any(${[...wanted]}::text[])` : sql`true`

export interface Range {
  /** ms; from is in, to is out; infinite where open. */
  from: number
  to: number
}

function within(time: RawBuilder<unknown>, { from, to }: Range): RawBuilder<unknown> {
  const begins = Number.isFinite(from) ? sql`${time} >= ${new Date(from)}` : sql`true`
  return sql`${begins} and ${Number.isFinite(to) ? sql`${time} < ${new Date(to)}` : sql`true`}`
}

export interface SeriesRow {
  series_id: number
  source_id: string
  metric: string
}

export async function listSeries(tx: Read, userId: string, wanted: Wanted): Promise<SeriesRow[]> {
  const { rows } = await sql<SeriesRow>`
    select series_id, source_id, metric from series
    where user_id = ${userId} and ${isWanted(wanted)}
    order by source_id, metric`.execute(tx)
  return rows
}

/** About how many points there are, from what the headers say: for a progress bar. */
export async function estimatePoints(
  tx: Read,
  userId: string,
  seriesIds: readonly number[],
  range: Range,
): Promise<number> {
  const ids = sql`${[...seriesIds]}::int8[]`
  const { rows } = await sql<{ n: number }>`
    select (
      (select coalesce(sum(n), 0) from chunk
       where user_id = ${userId} and series_id = any(${ids}) and ${within(sql`(day + 1)::timestamptz`, { from: range.from, to: Number.POSITIVE_INFINITY })}
         and ${within(sql`day::timestamptz`, { from: Number.NEGATIVE_INFINITY, to: range.to })})
      + (select coalesce(sum(n), 0) from segment
         where user_id = ${userId} and series_id = any(${ids}) and ${within(sql`t0`, range)})
    )::int8 as n`.execute(tx)
  return rows[0]?.n ?? 0
}

export interface DayRow {
  metric: string
  day_on: string
  value: number
  quality: number
}

/** A date is in the range in which its midnight in UTC is. */
export async function pageOfDays(
  tx: Read,
  scope: { userId: string; sourceId: string; wanted: Wanted; range: Range },
  after: DayRow | null,
  limit: number,
): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`
    select metric, day_on, value, quality from source_days
    where user_id = ${scope.userId} and source_id = ${scope.sourceId} and ${isWanted(scope.wanted)}
      and ${within(sql`(day_on::timestamp at time zone 'UTC')`, scope.range)}
      and ${after ? sql`(metric, day_on) > (${after.metric}, ${after.day_on}::date)` : sql`true`}
    order by metric, day_on
    limit ${limit}`.execute(tx)
  return rows
}

export interface EventRow {
  metric: string
  start_at: Date
  end_at: Date | null
  external_id: string
  value: Record<string, number | string | null>
  quality: number
  utc_offset_minutes: number | null
}

export async function pageOfEvents(
  tx: Read,
  scope: { userId: string; sourceId: string; wanted: Wanted; range: Range },
  after: EventRow | null,
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    select metric, start_at, end_at, external_id, value, quality, utc_offset_minutes from events
    where user_id = ${scope.userId} and source_id = ${scope.sourceId} and ${isWanted(scope.wanted)} and ${within(sql`start_at`, scope.range)}
      and ${after ? sql`(metric, start_at, external_id) > (${after.metric}, ${after.start_at}, ${after.external_id})` : sql`true`}
    order by metric, start_at, external_id
    limit ${limit}`.execute(tx)
  return rows
}

export interface WayRow {
  start_at: Date
  data: Buffer
}

/** Hours of positions that belong to no session. */
export async function pageOfWays(
  tx: Read,
  scope: { userId: string; sourceId: string; range: Range },
  after: WayRow | null,
  limit: number,
): Promise<WayRow[]> {
  const { rows } = await sql<WayRow>`
    select start_at, data from tracks
    where user_id = ${scope.userId} and source_id = ${scope.sourceId} and session_id is null and ${within(sql`start_at`, scope.range)}
      and ${after ? sql`start_at > ${after.start_at}` : sql`true`}
    order by start_at
    limit ${limit}`.execute(tx)
  return rows
}

export interface SessionRow {
  session_id: string
  type: string
  is_nap: boolean
  external_id: string
  activity: string | null
  title: string | null
  notes: string | null
  start_at: Date
  end_at: Date
  utc_offset_minutes: number | null
  totals: Record<string, number>
  derived: string[]
  activity_data: Record<string, unknown>
  edits: Record<string, unknown> | null
  /** Null as well when it came in an archive of ours, which is not in the next one. */
  file_id: string | null
  format: string | null
  file_name: string | null
  content_hash: Buffer | null
  track: Buffer | null
}

/** What an archive of ours holds is in the next one already. */
const isOwnArchive = (row: RawBuilder<unknown>) => sql`
  exists (select from import_files i where i.user_id = ${row}.user_id and i.file_id = ${row}.file_id and i.format = 'tributary')`

/** Records of this source that nobody deleted, also those that another record is shown for. */
export async function pageOfSessions(
  tx: Read,
  scope: { userId: string; sourceId: string; range: Range },
  after: SessionRow | null,
  limit: number,
): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select s.session_id, s.type, s.is_nap, s.external_id, s.activity, s.title,
      s.notes, s.start_at, s.end_at, s.utc_offset_minutes, s.totals, s.derived, s.activity_data,
      s.edits, case when not ${isOwnArchive(sql`s`)} then s.file_id end as file_id, s.format, s.file_name, s.content_hash,
      (select t.data from tracks t where t.user_id = s.user_id and t.session_id = s.session_id) as track
    from sessions s
    where s.user_id = ${scope.userId} and s.source_id = ${scope.sourceId} and ${within(sql`s.start_at`, scope.range)}
      and s.deleted_at is null
      and ${after ? sql`(s.start_at, s.session_id) > (${after.start_at}, ${after.session_id}::uuid)` : sql`true`}
    order by s.start_at, s.session_id
    limit ${limit}`.execute(tx)
  return rows
}

export interface PartRow {
  session_id: string
  kind: string
  start_at: Date
  end_at: Date
  label: string | null
  intensity: string | null
  totals: Record<string, number>
}

export async function listParts(tx: Read, userId: string, sessionIds: readonly string[]): Promise<PartRow[]> {
  const { rows } = await sql<PartRow>`
    select session_id, kind, start_at, end_at, label, intensity, totals from session_parts
    where user_id = ${userId} and session_id = any(${[...sessionIds]}::uuid[])
    order by session_id, kind, start_at, position`.execute(tx)
  return rows
}

export async function listStreams(
  tx: Read,
  userId: string,
  sessionIds: readonly string[],
): Promise<{ session_id: string; stream: string; data: Buffer }[]> {
  const { rows } = await sql<{ session_id: string; stream: string; data: Buffer }>`
    select session_id, stream, data from session_streams
    where user_id = ${userId} and session_id = any(${[...sessionIds]}::uuid[])
    order by session_id, stream`.execute(tx)
  return rows
}

export interface FileRow {
  file_id: string
  bytes: number
  name: string | null
}

/** Original files by id, without archives of ours; with `ids` only these. */
export async function listFiles(tx: Read, userId: string, ids: readonly string[] | null): Promise<FileRow[]> {
  const { rows } = await sql<FileRow>`
    select f.file_id, f.bytes,
      (select i.name from import_files i where i.user_id = f.user_id and i.file_id = f.file_id order by i.import_id limit 1) as name
    from files f
    where f.user_id = ${userId} and not ${isOwnArchive(sql`f`)} and ${ids ? sql`f.file_id = any(${[...ids]}::uuid[])` : sql`true`}
    order by f.file_id`.execute(tx)
  return rows
}

export interface PlanRow {
  planned_session_id: string
  activity: string | null
  title: string
  description: string | null
  scheduled_on: string
  start_at: Date | null
  duration: number | null
  distance: number | null
  skipped_at: Date | null
  matched_by: string | null
  source_id: string | null
  external_id: string | null
  told_by: string | null
  told_as: string | null
  edits: Record<string, unknown> | null
}

export async function listPlans(tx: Read, userId: string): Promise<PlanRow[]> {
  const { rows } = await sql<PlanRow>`
    select p.planned_session_id, p.activity, p.title, p.description, p.scheduled_on, p.start_at, p.duration, p.distance, p.skipped_at, p.matched_by,
      s.source_id, s.external_id, p.source_id as told_by, p.external_id as told_as, p.edits
    from planned_sessions p
    left join sessions s on s.user_id = p.user_id and s.session_id = p.session_id
    where p.user_id = ${userId}
    order by p.planned_session_id`.execute(tx)
  return rows
}

export interface SuppressionRow {
  suppression_id: string
  source_id: string | null
  metric: string | null
  external_id: string | null
  title: string | null
  start_at: Date | null
  end_at: Date | null
}

/** Those that hold. */
export async function listSuppressions(tx: Read, userId: string): Promise<SuppressionRow[]> {
  const { rows } = await sql<SuppressionRow>`
    select suppression_id, source_id, metric, external_id, title, start_at, end_at from suppressions
    where user_id = ${userId} and lifted_at is null
    order by suppression_id`.execute(tx)
  return rows
}
