import type { SessionPart } from '@tributary/protocol'
import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Read, Write } from '../db/database.ts'
import { arrayOf, type ColumnType } from '../samples/pg-arrays.ts'
import { keepEdits, keepText, keepTotals, saidText, saidTotals } from './kept-edits.queries.ts'

/** Workers that bring the same session wait for each other here, so that looking first is safe. */
export async function lockSource(tx: Write, userId: string, sourceId: string): Promise<void> {
  await sql`
    select from sources
    where user_id = ${userId} and source_id = ${sourceId}
    for no key update`.execute(tx)
}

const known = sql`sessions`

export interface KnownSession {
  session_id: string
  file_id: string | null
  content_hash: Buffer | null
  type: string
  start_at: Date
  end_at: Date
  deleted_at: Date | null
  /** As their source said them, before what their person made of them. */
  title: string | null
  activity: string | null
  totals: Record<string, number>
  is_nap: boolean
  derived: string[]
  activity_data: Record<string, unknown>
  utc_offset_minutes: number | null
}

/** By the ids that their source gave them. */
export async function findSessions(
  tx: Read,
  userId: string,
  sourceId: string,
  externalIds: readonly string[],
): Promise<Map<string, KnownSession>> {
  const { rows } = await sql<KnownSession & { external_id: string }>`
    select external_id, session_id, file_id, content_hash, type, start_at, end_at, deleted_at, is_nap, derived, activity_data,
      utc_offset_minutes, ${saidText(known, 'title')} as title, ${saidText(known, 'activity')} as activity, ${saidTotals(known)} as totals
    from sessions
    where user_id = ${userId} and source_id = ${sourceId} and external_id = any(${arrayOf('text', externalIds)}::text[])`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.external_id, row]))
}

/** Where sessions come from: the same for all that are written together. */
export interface OriginRow {
  userId: string
  sourceId: string
  importId: string | null
}

/** What a session came in. */
export interface SessionSource {
  format: string | null
  fileId: string | null
  fileName: string | null
}

export interface SessionRow extends SessionSource {
  sessionId: string
  externalId: string
  type: string
  isNap: boolean
  activity: string | null
  title: string | null
  start: Date
  end: Date
  utcOffsetMinutes: number | null
  totals: Record<string, number>
  derived: readonly string[]
  activityData: Record<string, unknown>
  contentHash: Buffer | null
}

/** What a new telling makes of a row that is there. */
const newWords = {
  title: sql`excluded.title`,
  activity: sql`excluded.activity`,
  totals: sql`excluded.totals`,
  derived: sql`excluded.derived`,
  activityData: sql`excluded.activity_data`,
  utcOffset: sql`excluded.utc_offset_minutes`,
}

const isLive = sql`${known}.deleted_at is null`

/** Of one that adds to what was told before: what it lacks stays as its source said it. */
const addedWords: typeof newWords = {
  title: sql`coalesce(excluded.title, case when ${isLive} then ${saidText(known, 'title')} end)`,
  activity: sql`coalesce(excluded.activity, case when ${isLive} then ${saidText(known, 'activity')} end)`,
  totals: sql`(case when ${isLive} then ${saidTotals(known)} else '{}' end || excluded.totals)`,
  derived: sql`excluded.derived || array(select name from unnest(${known}.derived) as name where ${isLive} and not excluded.totals ? name)`,
  activityData: sql`case when ${isLive} then ${known}.activity_data else '{}' end || excluded.activity_data`,
  utcOffset: sql`coalesce(excluded.utc_offset_minutes, case when ${isLive} then ${known}.utc_offset_minutes end)`,
}

/** No two of one external id. One that was deleted is there again: whoever calls this knows that it may come back. */
export async function putSessions(
  tx: Write,
  origin: OriginRow & { keepsDetails?: true },
  sessions: readonly SessionRow[],
): Promise<void> {
  const fresh = origin.keepsDetails ? addedWords : newWords
  const column = (type: ColumnType, of: (row: SessionRow) => unknown) => arrayOf(type, sessions.map(of))
  await sql`
    insert into sessions (user_id, source_id, import_id, format, file_id, file_name, session_id, external_id, type, is_nap,
      activity, title, start_at, end_at, utc_offset_minutes, totals, derived, activity_data, content_hash)
    select ${origin.userId}::uuid, ${origin.sourceId}::uuid, ${origin.importId}::uuid, format, file_id, file_name, session_id, external_id, type, is_nap, activity, title, start_at, end_at, utc_offset_minutes, totals,
      array(select jsonb_array_elements_text(derived)), activity_data, content_hash
    from unnest(${column('text', (row) => row.format)}::text[], ${column('uuid', (row) => row.fileId)}::uuid[], ${column('text', (row) => row.fileName)}::text[],
      ${column('uuid', (row) => row.sessionId)}::uuid[], ${column('text', (row) => row.externalId)}::text[],
      ${column('text', (row) => row.type)}::text[], ${column('bool', (row) => row.isNap)}::bool[],
      ${column('text', (row) => row.activity)}::text[], ${column('text', (row) => row.title)}::text[],
      ${column('timestamptz', (row) => row.start)}::timestamptz[], ${column('timestamptz', (row) => row.end)}::timestamptz[],
      ${column('int2', (row) => row.utcOffsetMinutes)}::int2[], ${column('jsonb', (row) => row.totals)}::jsonb[],
      ${column('jsonb', (row) => row.derived)}::jsonb[], ${column('jsonb', (row) => row.activityData)}::jsonb[],
      ${column('bytea', (row) => row.contentHash)}::bytea[])
      as n (format, file_id, file_name, session_id, external_id, type, is_nap, activity, title, start_at, end_at, utc_offset_minutes, totals, derived,
        activity_data, content_hash)
    on conflict (user_id, source_id, external_id) do update
    set type = excluded.type, is_nap = excluded.is_nap, format = excluded.format, start_at = excluded.start_at, end_at = excluded.end_at,
      activity = ${keepText(known, 'activity', fresh.activity)}, title = ${keepText(known, 'title', fresh.title)},
      totals = ${keepTotals(known, fresh.totals)}, edits = ${keepEdits(known, fresh)},
      utc_offset_minutes = ${fresh.utcOffset}, deleted_at = null,
      derived = ${fresh.derived}, activity_data = ${fresh.activityData}, file_id = excluded.file_id,
      import_id = excluded.import_id, file_name = excluded.file_name, content_hash = excluded.content_hash, updated_at = now()`.execute(
    tx,
  )
}

export interface OwnWords {
  notes: string | null
  edits: unknown
}

export async function putOwnWords(
  tx: Write,
  userId: string,
  sessionId: string,
  { notes, edits }: OwnWords,
): Promise<void> {
  await sql`
    update sessions set notes = ${notes}, edits = ${edits === null ? null : JSON.stringify(edits)}::jsonb
    where user_id = ${userId} and session_id = ${sessionId}`.execute(tx)
}

/** The same said again by a newer file: it is the one to be had back. */
export async function noteFile(
  tx: Write,
  sessionIds: readonly string[],
  { userId, fileId, importId, fileName }: Pick<OriginRow, 'userId' | 'importId'> & Omit<SessionSource, 'format'>,
): Promise<void> {
  await sql`
    update sessions set file_id = ${fileId}, import_id = ${importId}, file_name = ${fileName}
    where user_id = ${userId} and session_id = any(${arrayOf('uuid', sessionIds)}::uuid[])`.execute(tx)
}

/** Of sessions whose earlier version goes before the new one comes. */
export async function clearDetail(
  tx: Write,
  userId: string,
  detail: 'session_parts' | 'session_streams' | 'tracks',
  sessionIds: readonly string[],
): Promise<void> {
  if (!sessionIds.length) return
  await sql`
    delete from ${sql.table(detail)}
    where user_id = ${userId} and session_id = any(${arrayOf('uuid', sessionIds)}::uuid[])`.execute(tx)
}

export async function insertParts(
  tx: Write,
  userId: string,
  sessions: readonly { sessionId: string; parts: readonly SessionPart[] }[],
): Promise<void> {
  const placed = sessions.flatMap(({ sessionId, parts }) =>
    [...Map.groupBy(parts, (part) => part.kind).values()].flatMap((same) =>
      same.map((part, position) => ({ sessionId, part, position })),
    ),
  )
  if (!placed.length) return
  const column = (type: ColumnType, of: (part: SessionPart) => unknown) =>
    arrayOf(
      type,
      placed.map(({ part }) => of(part)),
    )
  const ids = placed.map(({ sessionId }) => sessionId)
  const positions = placed.map(({ position }) => position)
  await sql`
    insert into session_parts (user_id, session_id, position, kind, start_at, end_at, label, intensity, totals)
    select ${userId}::uuid, p.*
    from unnest(${arrayOf('uuid', ids)}::uuid[], ${arrayOf('int4', positions)}::int4[], ${column('text', (part) => part.kind)}::text[],
      ${column('timestamptz', (part) => new Date(part.start))}::timestamptz[], ${column('timestamptz', (part) => new Date(part.end))}::timestamptz[],
      ${column('text', (part) => part.label)}::text[], ${column('text', (part) => part.intensity)}::text[],
      ${column('jsonb', (part) => part.totals ?? {})}::jsonb[]) as p`.execute(tx)
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
