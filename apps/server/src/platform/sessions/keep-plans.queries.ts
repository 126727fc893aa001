/** Plans that sources tell, by the ids they have there. */
import { sql } from 'kysely'
import type { Read, Write } from '../db/database.ts'
import type { PlanEdits, PlanWords } from './plan-words.ts'

export interface OfSource {
  userId: string
  sourceId: string
}

export interface ToldPlanRow {
  planned_session_id: string
  external_id: string
  words: PlanWords
  edits: PlanEdits | null
}

interface StoredRow extends Omit<PlanWords, 'start_time'> {
  planned_session_id: string
  external_id: string
  start_at: Date | null
  edits: PlanEdits | null
}

export async function findToldPlans(
  tx: Read,
  { userId, sourceId }: OfSource,
  externalIds: readonly string[],
): Promise<Map<string, ToldPlanRow>> {
  const { rows } = await sql<StoredRow>`
    select planned_session_id, external_id, activity, title, description, scheduled_on, start_at, duration, distance, edits
    from planned_sessions
    where user_id = ${userId} and source_id = ${sourceId} and external_id = any (${[...externalIds]}::text[])`.execute(
    tx,
  )
  return new Map(
    rows.map(({ planned_session_id, external_id, edits, start_at, ...words }) => [
      external_id,
      { planned_session_id, external_id, edits, words: { ...words, start_time: start_at?.toISOString() ?? null } },
    ]),
  )
}

/** New ones, and those that are other than they were; what became of them (skipped, fulfilled) stays. */
export async function putToldPlans(
  tx: Write,
  { userId, sourceId }: OfSource,
  plans: readonly ToldPlanRow[],
  toldAt: Date,
): Promise<void> {
  const lines = plans.map(({ words, ...row }) => ({ ...row, ...words }))
  await sql`
    insert into planned_sessions (user_id, planned_session_id, source_id, external_id, told_at, edits, activity, title, description,
      scheduled_on, start_at, duration, distance)
    select ${userId}, n.planned_session_id, ${sourceId}, n.external_id, ${toldAt}, n.edits, n.activity, n.title, n.description,
      n.scheduled_on, n.start_time, n.duration, n.distance
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as n (planned_session_id uuid, external_id text, edits jsonb, activity text,
      title text, description text, scheduled_on date, start_time timestamptz, duration float8, distance float8)
    on conflict (user_id, planned_session_id) do update
    set told_at = excluded.told_at, edits = excluded.edits, activity = excluded.activity, title = excluded.title,
      description = excluded.description, scheduled_on = excluded.scheduled_on, start_at = excluded.start_at,
      duration = excluded.duration, distance = excluded.distance, updated_at = now()`.execute(tx)
}

export interface PlanOfSource {
  source_id: string
  external_id: string
}

export interface GonePlan {
  planned_session_id: string
  external_id: string
  scheduled_on: string
}

/** Whatever became of them. */
export async function deleteToldPlans(tx: Write, userId: string, plans: readonly PlanOfSource[]): Promise<GonePlan[]> {
  const { rows } = await sql<GonePlan>`
    delete from planned_sessions p
    using unnest(${plans.map(({ source_id }) => source_id)}::uuid[], ${plans.map(({ external_id }) => external_id)}::text[]) as g (source_id, external_id)
    where p.user_id = ${userId} and p.source_id = g.source_id and p.external_id = g.external_id
    returning p.planned_session_id, p.external_id, p.scheduled_on`.execute(tx)
  return rows
}

export async function deletePlansOf(tx: Write, { userId, sourceId }: OfSource): Promise<GonePlan[]> {
  const { rows } = await sql<GonePlan>`
    delete from planned_sessions where user_id = ${userId} and source_id = ${sourceId}
    returning planned_session_id, external_id, scheduled_on`.execute(tx)
  return rows
}

export interface Calendar {
  /** Dates, both in; null: to its end. */
  from: string
  to: string | null
  /** All that stand in it, known as this source's. */
  externalIds: readonly string[]
  asked: Date
  /** The person's own: what is not later than it is past, or under way. */
  today: string
}

/**
 * Plans to come that a calendar read whole holds no more. One that was told since it was asked for stays, and so does one that was
 * fulfilled, or of which its person made something else.
 */
export async function deleteLeftOut(
  tx: Write,
  { userId, sourceId }: OfSource,
  { from, to, externalIds, asked, today }: Calendar,
): Promise<GonePlan[]> {
  const { rows } = await sql<GonePlan>`
    delete from planned_sessions
    where user_id = ${userId} and source_id = ${sourceId} and external_id <> all (${[...externalIds]}::text[])
      and scheduled_on >= ${from}::date and scheduled_on <= coalesce(${to}::date, 'infinity') and scheduled_on > ${today}::date
      and told_at <= ${asked} and session_id is null and edits is null
    returning planned_session_id, external_id, scheduled_on`.execute(tx)
  return rows
}
