import type { AnswerOf, routes } from '@tributary/protocol'
import type { Read } from '../platform/db/database.ts'
import { instantOf, instantOrNull } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import { localDate } from '../platform/sessions/local-time.ts'
import { findTimeZone } from '../platform/sessions/records.queries.ts'
import { findPlannedRow, type PlannedRow } from './plans.queries.ts'

export function planAnswer(row: PlannedRow): AnswerOf<(typeof routes)['getPlannedSession']> {
  return {
    planned_session_id: row.planned_session_id,
    user_id: row.user_id,
    activity: row.activity,
    title: row.title,
    description: row.description,
    scheduled_on: row.scheduled_on,
    start_time: instantOrNull(row.start_at),
    duration: row.duration,
    distance: row.distance,
    status: row.status,
    session_id: row.session_id,
    created_at: instantOf(row.created_at),
    updated_at: instantOf(row.updated_at),
  }
}

/** Which date the person's calendar shows. */
export const todayOf = async (tx: Read, userId: string, now: number): Promise<string> =>
  localDate(now, null, await findTimeZone(tx, userId))

export async function mustFindPlan(tx: Read, userId: string, id: string, now: number): Promise<PlannedRow> {
  const row = await findPlannedRow(tx, userId, id, await todayOf(tx, userId, now))
  if (!row) throw new Problem('not_found')
  return row
}
