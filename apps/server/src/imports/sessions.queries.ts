import type { SessionPart } from '@tributary/protocol'
import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Read, Write } from '../platform/db/database.ts'
import { keepEdits, keepText, keepTotals } from '../platform/sessions/kept-edits.queries.ts'

/** Workers that bring the same session wait for each other here, so that looking first is safe. */
export async function lockSource(tx: Write, userId: string, sourceId: string): Promise<void> {
  await sql`
    select from sources
    where user_id = ${userId} and source_id = ${sourceId}
    for no key update`.execute(tx)
}

export async function findSession(tx: Read, userId: string, sourceId: string, externalId: string) {
  const { rows } = await sql<{
    session_id: string
    file_id: string | null
    content_hash: Buffer | null
    type: string
    start_at: Date
    end_at: Date
    deleted_at: Date | null
  }>`
    select session_id, file_id, content_hash, type, start_at, end_at, deleted_at from sessions
    where user_id = ${userId} and source_id = ${sourceId} and external_id = ${externalId}`.execute(tx)
  return rows[0]
}

export interface SessionRow {
  userId: string
  sessionId: string
  sourceId: string
  externalId: string
  type: string
  isNap: boolean
  format: string | null
  activity: string | null
  title: string | null
  start: Date
  end: Date
  utcOffsetMinutes: number | null
  totals: Record<string, number>
  derived: readonly string[]
  activityData: Record<string, unknown>
  fileId: string | null
  importId: string | null
  fileName: string | null
  contentHash: Buffer | null
}

const known = sql`sessions`
const excluded = { title: sql`excluded.title`, activity: sql`excluded.activity`, totals: sql`excluded.totals` }

/** One that was deleted is there again: whoever calls this knows that it may come back. */
export async function putSession(tx: Write, row: SessionRow): Promise<void> {
  await sql`
    insert into sessions (user_id, session_id, source_id, external_id, type, is_nap, format, activity, title, start_at, end_at,
      utc_offset_minutes, totals, derived, activity_data, file_id, import_id, file_name, content_hash)
    values (${row.userId}, ${row.sessionId}, ${row.sourceId}, ${row.externalId}, ${row.type}, ${row.isNap}, ${row.format}, ${row.activity}, ${row.title},
      ${row.start}, ${row.end}, ${row.utcOffsetMinutes}, ${JSON.stringify(row.totals)}, ${[...row.derived]}::text[],
      ${JSON.stringify(row.activityData)}, ${row.fileId}, ${row.importId}, ${row.fileName}, ${row.contentHash})
    on conflict (user_id, source_id, external_id) do update
    set type = excluded.type, is_nap = excluded.is_nap, format = excluded.format, start_at = excluded.start_at, end_at = excluded.end_at,
      activity = ${keepText(known, 'activity', sql`excluded.activity`)}, title = ${keepText(known, 'title', sql`excluded.title`)},
      totals = ${keepTotals(known, sql`excluded.totals`)}, edits = ${keepEdits(known, excluded)},
      utc_offset_minutes = excluded.utc_offset_minutes, deleted_at = null,
      derived = excluded.derived, activity_data = excluded.activity_data, file_id = excluded.file_id,
      import_id = excluded.import_id, file_name = excluded.file_name, content_hash = excluded.content_hash, updated_at = now()`.execute(
    tx,
  )
}

/** What a person had made of a session that is new here. */
export async function putOwnWords(
  tx: Write,
  userId: string,
  sessionId: string,
  { notes, edits }: { notes: string | null; edits: unknown },
): Promise<void> {
  await sql`
    update sessions set notes = ${notes}, edits = ${edits === null ? null : JSON.stringify(edits)}::jsonb
    where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
}

/** The same said again by a newer file: it is the one to be had back. */
export async function noteFile(
  tx: Write,
  sessionId: string,
  { userId, fileId, importId, fileName }: Pick<SessionRow, 'userId' | 'fileId' | 'importId' | 'fileName'>,
): Promise<void> {
  await sql`
    update sessions set file_id = ${fileId}, import_id = ${importId}, file_name = ${fileName}
    where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
}

/** What an earlier version of the file said goes before the new one comes. */
export async function clearSession(tx: Write, userId: string, sessionId: string): Promise<void> {
  await sql`delete from session_parts where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
  await sql`delete from session_streams where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
  await sql`delete from tracks where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
}

export async function insertParts(
  tx: Write,
  userId: string,
  sessionId: string,
  parts: readonly SessionPart[],
): Promise<void> {
  const placed = [...Map.groupBy(parts, (part) => part.kind).values()].flatMap((same) =>
    same.map((part, position) => ({ part, position })),
  )
  await sql`
    insert into session_parts (user_id, session_id, kind, position, start_at, end_at, label, intensity, totals)
    select ${userId}::uuid, ${sessionId}::uuid, p.*
    from unnest(${placed.map(({ part }) => part.kind)}::text[], ${placed.map(({ position }) => position)}::int4[],
      ${placed.map(({ part }) => new Date(part.start))}::timestamptz[], ${placed.map(({ part }) => new Date(part.end))}::timestamptz[],
      ${placed.map(({ part }) => part.label ?? null)}::text[], ${placed.map(({ part }) => part.intensity ?? null)}::text[],
      ${placed.map(({ part }) => JSON.stringify(part.totals ?? {}))}::jsonb[]) as p`.execute(tx)
}

export interface TrackRow {
  userId: string
  sessionId: string
  sourceId: string
  start: Date
  end: Date
  n: number
  data: Buffer
}

export async function insertTrack(
  tx: Write,
  { userId, sessionId, sourceId, start, end, n, data }: TrackRow,
): Promise<void> {
  await sql`
    insert into tracks (user_id, track_id, source_id, session_id, start_at, end_at, n, data)
    values (${userId}, ${uuidv7()}, ${sourceId}, ${sessionId}, ${start}, ${end}, ${n}, ${data})`.execute(tx)
}

export async function insertStream(
  tx: Write,
  row: { userId: string; sessionId: string; stream: string; n: number; data: Buffer },
): Promise<void> {
  await sql`
    insert into session_streams (user_id, session_id, stream, n, data)
    values (${row.userId}, ${row.sessionId}, ${row.stream}, ${row.n}, ${row.data})`.execute(tx)
}
