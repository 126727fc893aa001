import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import type { PlanEdits } from '../platform/sessions/plan-words.ts'

export interface PlannedRow {
  planned_session_id: string
  user_id: string
  activity: string | null
  title: string
  description: string | null
  scheduled_on: string
  start_at: Date | null
  duration: number | null
  distance: number | null
  status: 'planned' | 'fulfilled' | 'missed' | 'skipped'
  session_id: string | null
  /** Null of one that its person planned. */
  source_id: string | null
  external_id: string | null
  source_name: string | null
  source_kind: string | null
  device_id: string | null
  is_demo: boolean | null
  edits: PlanEdits | null
  created_at: Date
  updated_at: Date
}

/** `today` is the person's own date: a plan is missed when its day is over where they are. */
const select = (today: string) => sql`
  select p.planned_session_id, p.user_id, p.activity, p.title, p.description, p.scheduled_on, p.start_at, p.duration, p.distance,
    case
      when p.session_id is not null then 'fulfilled'
      when p.skipped_at is not null then 'skipped'
      when p.scheduled_on < ${today}::date then 'missed'
      else 'planned'
    end as status,
    coalesce(s.superseded_by, p.session_id) as session_id, p.created_at, p.updated_at,
    p.source_id, p.external_id, p.edits, o.name as source_name, o.kind as source_kind, o.device_id, o.is_demo
  from planned_sessions p
  left join sources o on o.user_id = p.user_id and o.source_id = p.source_id
  left join sessions s on s.user_id = p.user_id and s.session_id = p.session_id`

export interface PlanFilter {
  userId: string
  today: string
  from: string | undefined
  /** The first day that is out. */
  to: string | undefined
  status: PlannedRow['status'] | undefined
  after: { day: string; id: string } | undefined
  limit: number
}

export async function listPlannedRows(tx: Read, filter: PlanFilter): Promise<PlannedRow[]> {
  const { userId, today, from, to, status, after, limit } = filter
  const { rows } = await sql<PlannedRow>`
    select * from (
      ${select(today)}
      where p.user_id = ${userId}
        ${from ? sql`and p.scheduled_on >= ${from}::date` : sql``}
        ${to ? sql`and p.scheduled_on < ${to}::date` : sql``}
        ${after ? sql`and (p.scheduled_on, p.planned_session_id) > (${after.day}::date, ${after.id}::uuid)` : sql``}
    ) as p
    where ${status ? sql`status = ${status}` : sql`true`}
    order by scheduled_on, planned_session_id
    limit ${limit}`.execute(tx)
  return rows
}

export async function findPlannedRow(
  tx: Read,
  userId: string,
  id: string,
  today: string,
): Promise<PlannedRow | undefined> {
  const { rows } = await sql<PlannedRow>`
    ${select(today)} where p.user_id = ${userId} and p.planned_session_id = ${id}`.execute(tx)
  return rows[0]
}

export interface PlanValues {
  activity: string | null
  title: string
  description: string | null
  day: string
  start: Date | null
  duration: number | null
  distance: number | null
}

export async function insertPlan(tx: Write, userId: string, id: string, plan: PlanValues): Promise<void> {
  await sql`
    insert into planned_sessions (user_id, planned_session_id, activity, title, description, scheduled_on, start_at, duration, distance)
    values (${userId}, ${id}, ${plan.activity}, ${plan.title}, ${plan.description}, ${plan.day}, ${plan.start}, ${plan.duration}, ${plan.distance})`.execute(
    tx,
  )
}

/** `edits`: what its source says where that is another thing. */
export async function updatePlan(
  tx: Write,
  userId: string,
  id: string,
  plan: PlanValues,
  edits: PlanEdits | null,
): Promise<void> {
  await sql`
    update planned_sessions
    set activity = ${plan.activity}, title = ${plan.title}, description = ${plan.description}, scheduled_on = ${plan.day},
      start_at = ${plan.start}, duration = ${plan.duration}, distance = ${plan.distance}, edits = ${edits && JSON.stringify(edits)}::jsonb, updated_at = now()
    where user_id = ${userId} and planned_session_id = ${id}`.execute(tx)
}

/** Skipping gives its session free. */
export async function setSkipped(tx: Write, userId: string, id: string, skipped: boolean): Promise<void> {
  await sql`
    update planned_sessions
    set skipped_at = case when ${skipped} then coalesce(skipped_at, now()) end,
      session_id = case when ${skipped} then null else session_id end,
      matched_by = case when ${skipped} then null else matched_by end, updated_at = now()
    where user_id = ${userId} and planned_session_id = ${id}`.execute(tx)
}

/** By hand. Whatever plan had the session loses it. */
export async function setMatch(
  tx: Write,
  userId: string,
  id: string,
  match: { sessionId: string; records: readonly string[] } | null,
): Promise<void> {
  if (match)
    await sql`
      update planned_sessions set session_id = null, matched_by = null, updated_at = now()
      where user_id = ${userId} and session_id = any (${[...match.records]}::uuid[])`.execute(tx)
  await sql`
    update planned_sessions
    set session_id = ${match?.sessionId ?? null}, matched_by = ${match ? 'person' : 'nobody'},
      skipped_at = case when ${match !== null} then null else skipped_at end, updated_at = now()
    where user_id = ${userId} and planned_session_id = ${id}`.execute(tx)
}

export async function deletePlan(tx: Write, userId: string, id: string): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    delete from planned_sessions where user_id = ${userId} and planned_session_id = ${id}`.execute(tx)
  return numAffectedRows > 0n
}
