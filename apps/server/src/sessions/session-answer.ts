import type { AnswerOf, routes } from '@tributary/protocol'
import type { Read } from '../platform/db/database.ts'
import { instantOf } from '../platform/instant.ts'
import { listPlansOfRecords, type SessionRow } from './sessions.queries.ts'
import { type Telling, tellingsOf } from './tellings.ts'

type Answer = AnswerOf<(typeof routes)['getSession']>

/** Sessions with all that tells of them: two more questions for a whole page. */
export async function sessionAnswers(tx: Read, userId: string, rows: readonly SessionRow[]): Promise<Answer[]> {
  const tellings = await tellingsOf(tx, userId, rows)
  const records = rows.map((row) => tellings.get(winnerOf(row)) ?? [])
  const ids = records.flat().map(({ session_id }) => session_id)
  const plans = new Map(
    (await listPlansOfRecords(tx, userId, ids)).map((plan) => [plan.session_id, plan.planned_session_id]),
  )
  return rows.map((row, i) => answerOf(row, records[i] ?? [], plans))
}

export async function sessionAnswer(tx: Read, row: SessionRow): Promise<Answer> {
  const [answer] = await sessionAnswers(tx, row.user_id, [row])
  return answer as Answer
}

const winnerOf = ({ superseded_by, session_id }: SessionRow): string => superseded_by ?? session_id

type OfSource = Pick<SessionRow, 'source_id' | 'source_name' | 'source_kind' | 'device_id' | 'is_demo'>

const sourceAnswer = ({ source_id, source_name, source_kind, device_id, is_demo }: OfSource) => ({
  ...{ source_id, name: source_name, kind: source_kind, device_id, is_demo },
})

function answerOf(row: SessionRow, all: readonly Telling[], plans: ReadonlyMap<string, string>): Answer {
  // A record by itself answers for itself; the one shown also for what only another has.
  const own = row.superseded_by ? all.filter(({ session_id }) => session_id === row.session_id) : all
  const plan = all.map(({ session_id }) => plans.get(session_id)).find((id) => id !== undefined)
  return {
    session_id: row.session_id,
    user_id: row.user_id,
    type: row.type,
    is_nap: row.is_nap,
    activity: row.activity,
    title: row.title,
    start_time: instantOf(row.start_at),
    end_time: instantOf(row.end_at),
    utc_offset_minutes: row.utc_offset_minutes,
    totals: row.totals,
    derived: row.derived,
    source: sourceAnswer(row),
    records: all.map((record) => ({
      session_id: record.session_id,
      source: sourceAnswer(record),
      format: record.format,
      file_name: record.file_name,
      import_id: record.import_id,
      has_file: record.file_id !== null,
      start_time: instantOf(record.start_at),
      end_time: instantOf(record.end_at),
      is_shown: record.superseded_by === null,
    })),
    superseded_by: row.superseded_by,
    edited: row.edits ? { ...row.edits } : null,
    planned_session_id: plan ?? null,
    notes: row.notes,
    import_id: row.import_id,
    file_name: row.file_name,
    has_track: own.some(({ has_track }) => has_track),
    has_file: own.some(({ file_id }) => file_id !== null),
    activity_data: row.activity_data,
    created_at: row.created_at.toISOString(),
  }
}
