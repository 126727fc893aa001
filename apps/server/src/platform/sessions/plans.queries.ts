import { sql } from 'kysely'
import type { Read, Write } from '../db/database.ts'

export interface PlanRow {
  planned_session_id: string
  activity: string | null
  scheduled_on: string
  start_at: Date | null
  duration: number | null
  distance: number | null
  session_id: string | null
  matched_by: 'rule' | 'person' | 'nobody' | null
}

/** Plans of the days from `first` to `last`, both in, that are to be done. */
export async function listOpenPlans(tx: Read, userId: string, first: string, last: string): Promise<PlanRow[]> {
  const { rows } = await sql<PlanRow>`
    select planned_session_id, activity, scheduled_on, start_at, duration, distance, session_id, matched_by
    from planned_sessions
    where user_id = ${userId} and scheduled_on between ${first}::date and ${last}::date and skipped_at is null`.execute(
    tx,
  )
  return rows
}

export interface DoneRow {
  session_id: string
  activity: string | null
  type: string
  start_at: Date
  end_at: Date
  utc_offset_minutes: number | null
  totals: Record<string, number>
}

/** Sessions shown that began in a stretch and fulfil no plan, leaving aside what the plans named claim by the rule. */
export async function listFreeSessions(
  tx: Read,
  userId: string,
  from: Date,
  to: Date,
  plans: readonly string[],
): Promise<DoneRow[]> {
  const { rows } = await sql<DoneRow>`
    select s.session_id, s.activity, s.type, s.start_at, s.end_at, s.utc_offset_minutes, s.totals
    from sessions s
    where s.user_id = ${userId} and s.start_at between ${from} and ${to} and s.type in ('workout', 'meditation')
      and s.superseded_by is null and s.deleted_at is null
      and s.session_id not in (
        select coalesce(r.superseded_by, r.session_id)
        from planned_sessions p join sessions r on r.user_id = p.user_id and r.session_id = p.session_id
        where p.user_id = ${userId} and not (p.matched_by = 'rule' and p.planned_session_id = any (${[...plans]}::uuid[]))
      )`.execute(tx)
  return rows
}

/** First those that lose their session: no session fulfils two plans, not even for a moment. */
export async function putMatches(
  tx: Write,
  userId: string,
  changes: readonly { planId: string; sessionId: string | null }[],
): Promise<void> {
  const ids = changes.map(({ planId }) => planId)
  await sql`
    update planned_sessions set session_id = null, matched_by = null, updated_at = now()
    where user_id = ${userId} and planned_session_id = any (${ids}::uuid[])`.execute(tx)
  await sql`
    update planned_sessions as p set session_id = n.session_id, matched_by = 'rule'
    from unnest(${ids}::uuid[], ${changes.map(({ sessionId }) => sessionId)}::uuid[]) as n (plan_id, session_id)
    where p.user_id = ${userId} and p.planned_session_id = n.plan_id and n.session_id is not null`.execute(tx)
}
