import type { SessionPartKind, SessionType } from '@tributary/protocol'
import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { Edits } from './edits.ts'

export interface SessionRow {
  session_id: string
  user_id: string
  source_id: string
  type: SessionType
  is_nap: boolean
  activity: string | null
  title: string | null
  start_at: Date
  end_at: Date
  utc_offset_minutes: number | null
  totals: Record<string, number>
  derived: string[]
  activity_data: Record<string, unknown>
  notes: string | null
  edits: Edits | null
  superseded_by: string | null
  import_id: string | null
  file_name: string | null
  created_at: Date
  source_name: string
  source_kind: string
  device_id: string | null
  is_demo: boolean
}

const selectSession = sql`
  select s.session_id, s.user_id, s.source_id, s.type, s.is_nap, s.activity, s.title, s.start_at, s.end_at, s.utc_offset_minutes,
    s.totals, s.derived, s.activity_data, s.notes, s.edits, s.superseded_by, s.import_id, s.file_name, s.created_at,
    o.name as source_name, o.kind as source_kind, o.device_id, o.is_demo
  from sessions s join sources o on o.user_id = s.user_id and o.source_id = s.source_id`

export interface SessionFilter {
  userId: string
  type: SessionType | undefined
  activity: string | undefined
  /** Any record of the session came from it. */
  source: string | undefined
  /** Words that all stand in the title. */
  words: readonly string[]
  minDistance: number | undefined
  minDuration: number | undefined
  /** Begun at or after. */
  from: string | undefined
  /** Begun before. */
  to: string | undefined
  /** The last one of the page before. */
  after: { startAt: string; sessionId: string } | undefined
  limit: number
}

/** Those that are shown, newest first. */
export async function listSessionRows(tx: Read, filter: SessionFilter): Promise<SessionRow[]> {
  const { type, activity, source, words, minDistance, minDuration, from, to, after } = filter
  const { rows } = await sql<SessionRow>`
    ${selectSession}
    where s.user_id = ${filter.userId} and s.superseded_by is null and s.deleted_at is null
      ${type ? sql`and s.type = ${type}` : sql``}
      ${activity ? sql`and s.activity = ${activity}` : sql``}
      ${source ? sql`and (s.source_id = ${source} or ${isAlsoOf(source)})` : sql``}
      ${words.length ? sql`and s.title ilike all (${words.map(patternOf)}::text[])` : sql``}
      ${minDistance === undefined ? sql`` : sql`and (s.totals ->> 'distance')::float8 >= ${minDistance}`}
      ${minDuration === undefined ? sql`` : sql`and coalesce((s.totals ->> 'duration')::float8, extract(epoch from s.end_at - s.start_at)) >= ${minDuration}`}
      ${from ? sql`and s.start_at >= ${from}::timestamptz` : sql``}
      ${to ? sql`and s.start_at < ${to}::timestamptz` : sql``}
      ${after ? sql`and (s.start_at, s.session_id) < (${after.startAt}::timestamptz, ${after.sessionId}::uuid)` : sql``}
    order by s.start_at desc, s.session_id desc
    limit ${filter.limit}`.execute(tx)
  return rows
}

const isAlsoOf = (source: string) => sql`
  exists (select from sessions r where r.user_id = s.user_id and r.superseded_by = s.session_id and r.source_id = ${source})`

/** A word anywhere, its own wildcards taken as they are written. */
const patternOf = (word: string): string => `%${word.replace(/[\\%_]/g, '\\$&')}%`

export async function findSessionRow(tx: Read, userId: string, sessionId: string): Promise<SessionRow | undefined> {
  const { rows } = await sql<SessionRow>`
    ${selectSession}
    where s.user_id = ${userId} and s.session_id = ${sessionId} and s.deleted_at is null`.execute(tx)
  return rows[0]
}

/** Plans that a record of any of these sessions fulfils. */
export async function listPlansOfRecords(
  tx: Read,
  userId: string,
  records: readonly string[],
): Promise<{ planned_session_id: string; session_id: string }[]> {
  const { rows } = await sql<{ planned_session_id: string; session_id: string }>`
    select planned_session_id, session_id from planned_sessions
    where user_id = ${userId} and session_id = any (${[...records]}::uuid[])`.execute(tx)
  return rows
}

export interface ManualRow {
  userId: string
  sessionId: string
  sourceId: string
  type: SessionType
  isNap: boolean
  activity: string | null
  title: string | null
  notes: string | null
  start: Date
  end: Date
  utcOffsetMinutes: number | null
  totals: Record<string, number>
  derived: readonly string[]
}

export async function insertManualSession(tx: Write, row: ManualRow): Promise<void> {
  await sql`
    insert into sessions (user_id, session_id, source_id, external_id, type, is_nap, activity, title, notes, start_at, end_at,
      utc_offset_minutes, totals, derived)
    values (${row.userId}, ${row.sessionId}, ${row.sourceId}, ${`manual:${row.sessionId}`}, ${row.type}, ${row.isNap}, ${row.activity},
      ${row.title}, ${row.notes}, ${row.start}, ${row.end}, ${row.utcOffsetMinutes}, ${JSON.stringify(row.totals)},
      ${[...row.derived]}::text[])`.execute(tx)
}

export interface ChangedSession {
  isNap: boolean
  activity: string | null
  title: string | null
  notes: string | null
  start: Date
  end: Date
  totals: Record<string, number>
  derived: readonly string[]
  edits: Edits | null
}

export async function updateSessionRow(
  tx: Write,
  userId: string,
  sessionId: string,
  row: ChangedSession,
): Promise<void> {
  await sql`
    update sessions
    set is_nap = ${row.isNap}, activity = ${row.activity}, title = ${row.title}, notes = ${row.notes}, start_at = ${row.start},
      end_at = ${row.end}, totals = ${JSON.stringify(row.totals)}, derived = ${[...row.derived]}::text[],
      edits = ${row.edits && JSON.stringify(row.edits)}::jsonb, updated_at = now()
    where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
}

export async function findTrackBytes(tx: Read, userId: string, sessionId: string): Promise<Buffer | undefined> {
  const { rows } = await sql<{ data: Buffer }>`
    select data from tracks
    where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
  return rows[0]?.data
}

export async function listSessionStreams(
  tx: Read,
  userId: string,
  sessionId: string,
): Promise<{ stream: string; data: Buffer }[]> {
  const { rows } = await sql<{ stream: string; data: Buffer }>`
    select stream, data from session_streams
    where user_id = ${userId} and session_id = ${sessionId}
    order by stream`.execute(tx)
  return rows
}

export async function listSeriesOfSource(
  tx: Read,
  userId: string,
  sourceId: string,
): Promise<{ series_id: number; metric: string }[]> {
  const { rows } = await sql<{ series_id: number; metric: string }>`
    select series_id, metric from series
    where user_id = ${userId} and source_id = ${sourceId}
    order by metric`.execute(tx)
  return rows
}

export interface PartRow {
  kind: SessionPartKind
  position: number
  start_at: Date
  end_at: Date
  label: string | null
  intensity: string | null
  totals: Record<string, number>
}

export async function listParts(tx: Read, userId: string, sessionId: string): Promise<PartRow[]> {
  const { rows } = await sql<PartRow>`
    select kind, position, start_at, end_at, label, intensity, totals from session_parts
    where user_id = ${userId} and session_id = ${sessionId}
    order by start_at, kind, position`.execute(tx)
  return rows
}

export async function findFile(tx: Read, userId: string, fileId: string): Promise<{ bytes: number } | undefined> {
  const { rows } = await sql<{ bytes: number }>`
    select bytes from files where user_id = ${userId} and file_id = ${fileId}`.execute(tx)
  return rows[0]
}
