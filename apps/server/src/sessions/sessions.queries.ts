import { sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'

export interface SessionRow {
  session_id: string
  user_id: string
  source_id: string
  type: 'workout' | 'sleep'
  activity: string | null
  title: string | null
  start_at: Date
  end_at: Date
  utc_offset_minutes: number | null
  totals: Record<string, number>
  derived: string[]
  activity_data: Record<string, unknown>
  file_id: string | null
  import_id: string | null
  file_name: string | null
  created_at: Date
  source_name: string
  source_kind: string
  device_id: string | null
  has_track: boolean
}

const selectSession = sql`
  select s.session_id, s.user_id, s.source_id, s.type, s.activity, s.title, s.start_at, s.end_at, s.utc_offset_minutes, s.totals,
    s.derived, s.activity_data, s.file_id, s.import_id, s.file_name, s.created_at,
    o.name as source_name, o.kind as source_kind, o.device_id,
    exists (select from tracks t where t.user_id = s.user_id and t.session_id = s.session_id) as has_track
  from sessions s join sources o on o.user_id = s.user_id and o.source_id = s.source_id`

export interface SessionFilter {
  userId: string
  type: 'workout' | 'sleep' | undefined
  activity: string | undefined
  /** Begun at or after. */
  from: string | undefined
  /** Begun before. */
  to: string | undefined
  /** The last one of the page before. */
  after: { startAt: string; sessionId: string } | undefined
  limit: number
}

/** Newest first. */
export async function listSessionRows(tx: Read, filter: SessionFilter): Promise<SessionRow[]> {
  const { type, activity, from, to, after } = filter
  const { rows } = await sql<SessionRow>`
    ${selectSession}
    where s.user_id = ${filter.userId}
      ${type ? sql`and s.type = ${type}` : sql``}
      ${activity ? sql`and s.activity = ${activity}` : sql``}
      ${from ? sql`and s.start_at >= ${from}::timestamptz` : sql``}
      ${to ? sql`and s.start_at < ${to}::timestamptz` : sql``}
      ${after ? sql`and (s.start_at, s.session_id) < (${after.startAt}::timestamptz, ${after.sessionId}::uuid)` : sql``}
    order by s.start_at desc, s.session_id desc
    limit ${filter.limit}`.execute(tx)
  return rows
}

export async function findSessionRow(tx: Read, userId: string, sessionId: string): Promise<SessionRow | undefined> {
  const { rows } = await sql<SessionRow>`
    ${selectSession}
    where s.user_id = ${userId} and s.session_id = ${sessionId}`.execute(tx)
  return rows[0]
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
  kind: 'lap' | 'length' | 'stage' | 'pause' | 'segment'
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

export async function findFileOfSession(tx: Read, userId: string, sessionId: string) {
  const { rows } = await sql<{ file_id: string; file_name: string | null; bytes: number }>`
    select s.file_id, s.file_name, f.bytes
    from sessions s join files f on f.user_id = s.user_id and f.file_id = s.file_id
    where s.user_id = ${userId} and s.session_id = ${sessionId}`.execute(tx)
  return rows[0]
}

export async function readFilePart(
  tx: Read,
  userId: string,
  fileId: string,
  part: number,
): Promise<Buffer | undefined> {
  const { rows } = await sql<{ data: Buffer }>`
    select data from file_parts
    where user_id = ${userId} and file_id = ${fileId} and part = ${part}`.execute(tx)
  return rows[0]?.data
}
