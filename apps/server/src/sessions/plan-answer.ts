import type { AnswerOf, routes } from '@tributary/protocol'
import type { Read } from '../platform/db/database.ts'
import { instantOf, instantOrNull } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import { findToday } from '../platform/sessions/today.ts'
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
    source: sourceOf(row),
    edited: row.edits ? { ...row.edits } : null,
    created_at: instantOf(row.created_at),
    updated_at: instantOf(row.updated_at),
  }
}

function sourceOf({ source_id, source_name, source_kind, device_id, is_demo }: PlannedRow) {
  if (source_id === null) return null
  return { source_id, name: source_name ?? '', kind: source_kind ?? '', device_id, is_demo: is_demo ?? false }
}

export async function mustFindPlan(tx: Read, userId: string, id: string, now: number): Promise<PlannedRow> {
  const row = await findPlannedRow(tx, userId, id, await findToday(tx, userId, now))
  if (!row) throw new Problem('not_found')
  return row
}
