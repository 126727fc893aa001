/** Records as they are compared, and what was found about them. Deleted ones take no part. */
import { sql } from 'kysely'
import type { Read, Write } from '../db/database.ts'
import { startToleranceMs } from './group-sessions.ts'
import { keepEdits, keepText, keepTotals } from './kept-edits.queries.ts'
import type { RecordContents } from './rank.ts'

/**
 * One transaction of a person's at a time changes sessions. Taken after the locks of sources and before any session is written: a
 * row written first and the lock waited for would be a row that the one who holds the lock waits for.
 */
export async function lockSessions(tx: Write, userId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('sessions ' || ${userId}, 0))`.execute(tx)
}

export interface RecordRow extends RecordContents {
  session_id: string
  source_id: string
  activity: string | null
  created_at: Date
  is_demo: boolean
  superseded_by: string | null
  /** A person's word is attached to it. */
  is_edited: boolean
}

/** What a source said counts here, not what a person made of it: an edit must not tear a group apart. */
const contentsOf = sql`
  s.session_id, s.source_id, s.type, s.format, s.start_at, s.end_at, s.created_at, s.superseded_by,
  case when s.edits ? 'activity' then s.edits ->> 'activity' else s.activity end as activity,
  s.edits is not null or s.notes is not null or (o.kind = 'manual' and s.title is not null) as is_edited,
  o.kind as source_kind, o.is_demo,
  exists (select from tracks t where t.user_id = s.user_id and t.session_id = s.session_id) as has_track,
  (select count(*)::int4 from session_streams t where t.user_id = s.user_id and t.session_id = s.session_id) as streams,
  p.parts, p.staged, p.detailed,
  (select count(*)::int4 from jsonb_object_keys(s.totals) as total where s.edits -> 'totals' -> total is distinct from 'null'::jsonb) as totals`
const fromRecords = sql`
  sessions s
  join sources o on o.user_id = s.user_id and o.source_id = s.source_id
  cross join lateral (
    select count(*)::int4 as parts,
      coalesce(extract(epoch from sum(end_at - start_at) filter (where kind = 'stage' and label not in ('in_bed', 'out_of_bed', 'unknown'))), 0)::float8 as staged,
      coalesce(extract(epoch from sum(end_at - start_at) filter (where kind = 'stage' and label in ('light', 'deep', 'rem'))), 0)::float8 as detailed
    from session_parts t where t.user_id = s.user_id and t.session_id = s.session_id
  ) p`

/** Everything of a type that reaches into [from, to], give or take a minute, whoever measured it. */
export async function listRecords(
  tx: Read,
  userId: string,
  type: string,
  from: number,
  to: number,
): Promise<RecordRow[]> {
  const first = new Date(from - startToleranceMs)
  const last = new Date(to + startToleranceMs)
  const { rows } = await sql<RecordRow>`
    select ${contentsOf}
    from ${fromRecords}
    where s.user_id = ${userId} and s.type = ${type} and s.deleted_at is null and s.session_id = any (array(
      select session_id from sessions
      where user_id = ${userId} and start_at between ${first}::timestamptz - interval '36 hours' and ${last} and end_at >= ${first}
      union
      select session_id from sessions
      where user_id = ${userId} and start_at <= ${last} and end_at >= ${first} and end_at - start_at > interval '36 hours'
    ))
    order by s.session_id`.execute(tx)
  return rows
}

export interface Telling extends RecordRow {
  import_id: string | null
  file_name: string | null
  file_id: string | null
  source_name: string
  device_id: string | null
}

/** All records of some sessions, named by the records they are shown by. */
export async function listTellings(tx: Read, userId: string, winners: readonly string[]): Promise<Telling[]> {
  const { rows } = await sql<Telling>`
    select ${contentsOf}, s.import_id, s.file_name, s.file_id, o.name as source_name, o.device_id
    from ${fromRecords}
    where s.user_id = ${userId} and s.deleted_at is null and s.session_id = any (array(
      select session_id from sessions where user_id = ${userId} and session_id = any (${[...winners]}::uuid[])
      union
      select session_id from sessions where user_id = ${userId} and superseded_by = any (${[...winners]}::uuid[])
    ))`.execute(tx)
  return rows
}

/** Only what differs is written, so that a row that stays as it was is not a new version. */
export async function putWinners(
  tx: Write,
  userId: string,
  changes: readonly { id: string; winner: string | null }[],
): Promise<void> {
  await sql`
    update sessions as s set superseded_by = n.winner, updated_at = now()
    from unnest(${changes.map(({ id }) => id)}::uuid[], ${changes.map(({ winner }) => winner)}::uuid[]) as n (id, winner)
    where s.user_id = ${userId} and s.session_id = n.id`.execute(tx)
}

/**
 * What a person said of a session goes along when another record is shown for it, unless they said something of that one too. The
 * title of what they entered by hand is their word as well; its figures are what the recording knows better.
 * The record it was said of keeps it: when the other is deleted, it is there.
 */
export async function carryEdits(tx: Write, userId: string, from: string, to: string): Promise<void> {
  const row = sql`l`
  await sql`
    update sessions as w
    set notes = l.notes,
      edits = ${keepEdits(row, { title: sql`w.title`, activity: sql`w.activity`, totals: sql`w.totals` })},
      title = ${keepText(row, 'title', sql`w.title`)}, activity = ${keepText(row, 'activity', sql`w.activity`)},
      totals = ${keepTotals(row, sql`w.totals`)}, updated_at = now()
    from (
      select s.user_id, s.session_id, s.title, s.activity, s.totals, s.notes,
        case when o.kind = 'manual' and s.title is not null then '{"title": null}' else s.edits end as edits
      from sessions s join sources o using (user_id, source_id)
      where s.user_id = ${userId} and s.session_id = ${from}
    ) l
    where w.user_id = ${userId} and w.session_id = ${to} and w.edits is null and w.notes is null
      and l.user_id = w.user_id`.execute(tx)
}

export interface Span {
  type: string
  /** Milliseconds. */
  start: number
  end: number
}

interface SpanRow {
  type: string
  start_at: Date
  end_at: Date
}

const spanOf = ({ type, start_at, end_at }: SpanRow): Span => ({
  type,
  start: start_at.getTime(),
  end: end_at.getTime(),
})

/** Where a source's sessions stand: whoever removes the source settles them afterwards. */
export async function spansOfSource(tx: Read, userId: string, sourceId: string): Promise<Span[]> {
  const { rows } = await sql<SpanRow>`
    select type, start_at, end_at from sessions
    where user_id = ${userId} and source_id = ${sourceId} and deleted_at is null`.execute(tx)
  return rows.map(spanOf)
}

export interface ForgottenRow {
  session_id: string
  source_id: string
  source_kind: string
  external_id: string
  type: string
  title: string | null
  start_at: Date
  end_at: Date
}

/** What was measured goes; the row stays as a sign that it was deleted, and keeps what tells it from others. */
export async function forgetRecords(tx: Write, userId: string, ids: readonly string[]): Promise<ForgottenRow[]> {
  const gone = sql`user_id = ${userId} and session_id = any (${[...ids]}::uuid[])`
  const { rows } = await sql<ForgottenRow>`
    select s.session_id, s.source_id, o.kind as source_kind, s.external_id, s.type, coalesce(s.title, s.activity) as title, s.start_at, s.end_at
    from sessions s join sources o using (user_id, source_id)
    where s.user_id = ${userId} and s.session_id = any (${[...ids]}::uuid[]) and s.deleted_at is null
    order by s.session_id`.execute(tx)
  await sql`delete from session_parts where ${gone}`.execute(tx)
  await sql`delete from session_streams where ${gone}`.execute(tx)
  await sql`delete from tracks where ${gone}`.execute(tx)
  await sql`
    update planned_sessions set session_id = null, matched_by = null, updated_at = now() where ${gone}`.execute(tx)
  await sql`
    update sessions set superseded_by = null where user_id = ${userId} and superseded_by = any (${[...ids]}::uuid[])`.execute(
    tx,
  )
  await sql`
    update sessions
    set deleted_at = now(), updated_at = now(), superseded_by = null, title = null, notes = null, edits = null, totals = '{}',
      derived = '{}', activity_data = '{}', utc_offset_minutes = null
    where ${gone} and deleted_at is null`.execute(tx)
  return rows
}

/** Live sessions that begin in [from, to), but for nights made of stages, which go stage by stage. Null stands for any type, infinite bounds reach everywhere. */
export async function findRecordsIn(
  tx: Read,
  userId: string,
  where: { sources: readonly string[]; type: string | null; from: number; to: number },
): Promise<string[]> {
  const { sources, type, from, to } = where
  const { rows } = await sql<{ session_id: string }>`
    select session_id from sessions
    where user_id = ${userId} and deleted_at is null and not starts_with(external_id, 'stages:')
      and source_id = any (${[...sources]}::uuid[]) ${type ? sql`and type = ${type}` : sql``}
      ${Number.isFinite(from) ? sql`and start_at >= ${new Date(from)}` : sql``}
      ${Number.isFinite(to) ? sql`and start_at < ${new Date(to)}` : sql``}`.execute(tx)
  return rows.map(({ session_id }) => session_id)
}

export async function findTimeZone(tx: Read, userId: string): Promise<string> {
  const { rows } = await sql<{ zone: string | null }>`select find_time_zone(${userId}) as zone`.execute(tx)
  return rows[0]?.zone ?? 'UTC'
}
