import type { AnswerOf, routes } from '@tributary/protocol'
import { instantOf } from '../platform/instant.ts'
import type { SessionRow } from './sessions.queries.ts'

export function sessionAnswer(row: SessionRow): AnswerOf<(typeof routes)['getSession']> {
  return {
    session_id: row.session_id,
    user_id: row.user_id,
    type: row.type,
    activity: row.activity,
    title: row.title,
    start_time: instantOf(row.start_at.getTime()),
    end_time: instantOf(row.end_at.getTime()),
    utc_offset_minutes: row.utc_offset_minutes,
    totals: row.totals,
    derived: row.derived,
    source: { source_id: row.source_id, name: row.source_name, kind: row.source_kind, device_id: row.device_id },
    import_id: row.import_id,
    file_name: row.file_name,
    has_track: row.has_track,
    has_file: row.file_id !== null,
    activity_data: row.activity_data,
    created_at: row.created_at.toISOString(),
  }
}
