import { type BodyOf, type Routes, routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { lockSessions } from '../platform/sessions/records.queries.ts'
import { settleSessions } from '../platform/sessions/settle.ts'
import { checkActivity, checkSpan, checkTotals } from './check-session.ts'
import { applyWish, rewrite } from './edits.ts'
import { mustFindSession } from './find-session.ts'
import { sessionAnswer } from './session-answer.ts'
import { type ChangedSession, type SessionRow, updateSessionRow } from './sessions.queries.ts'

type Wanted = BodyOf<Routes['updateSession']>

export const updateSession = handle(routes.updateSession, async (call, { clock }) => {
  const { userId } = call.caller
  const { session_id: sessionId } = call.params
  checkActivity(call.body.activity)
  return call.write(async (tx) => {
    await lockSessions(tx, userId)
    const row = await mustFindSession(tx, userId, sessionId)
    const changed = changeOf(row, call.body)
    const [start, end] = [changed.start.getTime(), changed.end.getTime()]
    if (moves(call.body)) checkSpan(row.type, start, end, clock.now())
    checkTotals(...figuresToCheck(row, call.body, changed))
    await updateSessionRow(tx, userId, sessionId, changed)
    await settleSessions(tx, userId, [
      { type: row.type, start: row.start_at.getTime(), end: row.end_at.getTime() },
      { type: row.type, start, end },
    ])
    return sessionAnswer(tx, await mustFindSession(tx, userId, sessionId))
  })
})

/** Of a recording, which may have broken off, its person knows more than its length says; their own times are all there is. */
function figuresToCheck(
  { type, source_kind }: SessionRow,
  wanted: Wanted,
  { activity, start, end, totals }: ChangedSession,
): Parameters<typeof checkTotals> {
  const isManual = source_kind === 'manual'
  const last = isManual ? end.getTime() : start.getTime()
  return [moves(wanted) ? totals : wanted.totals, { type, activity, start: start.getTime(), end: last }]
}

const moves = ({ start_time, end_time }: Wanted): boolean => start_time !== undefined || end_time !== undefined

function changeOf(row: SessionRow, wanted: Wanted): ChangedSession {
  const isManual = row.source_kind === 'manual'
  if (moves(wanted) && !isManual) throw new Problem('session_not_manual')
  const notes = wanted.notes === undefined ? row.notes : wanted.notes
  const start = wanted.start_time === undefined ? row.start_at : new Date(wanted.start_time)
  const end = wanted.end_time === undefined ? row.end_at : new Date(wanted.end_time)
  const { shown, edits } = isManual ? { shown: rewrite(row, wanted), edits: null } : applyWish(row, row.edits, wanted)
  const stays = { isNap: row.is_nap, notes, start, end, edits, title: shown.title, activity: shown.activity }
  if (!isManual) return { ...stays, totals: shown.totals, derived: row.derived }
  return { ...stays, ...lastingAs(row, wanted, shown.totals, (end.getTime() - start.getTime()) / 1_000) }
}

/** The length that we worked out follows the times; one that the person gave stays. */
function lastingAs({ derived }: SessionRow, wanted: Wanted, totals: Record<string, number>, seconds: number) {
  if (typeof wanted.totals?.['duration'] === 'number')
    return { totals, derived: derived.filter((name) => name !== 'duration') }
  if (totals['duration'] !== undefined && !derived.includes('duration')) return { totals, derived }
  return { totals: { ...totals, duration: seconds }, derived: [...new Set([...derived, 'duration'])] }
}
