import { type BodyOf, type Routes, routes } from '@tributary/protocol'
import type { Write } from '../platform/db/database.ts'
import { handle } from '../platform/http/handle.ts'
import { editsOf, type PlanEdits, type PlanWords, saidOf } from '../platform/sessions/plan-words.ts'
import { lockSessions } from '../platform/sessions/records.queries.ts'
import { settleDay } from '../platform/sessions/settle-plans.ts'
import { checkActivity, checkStart } from './check-session.ts'
import { mustFindSession } from './find-session.ts'
import { mustFindPlan, planAnswer } from './plan-answer.ts'
import { type PlannedRow, type PlanValues, setMatch, setSkipped, updatePlan } from './plans.queries.ts'
import { tellingsOf } from './tellings.ts'

type Wanted = BodyOf<Routes['updatePlannedSession']>

export const updatePlannedSession = handle(routes.updatePlannedSession, async (call, { clock }) => {
  const { userId } = call.caller
  const { planned_session_id: id } = call.params
  const { body } = call
  checkActivity(body.activity)
  return call.write(async (tx) => {
    await lockSessions(tx, userId)
    const before = await mustFindPlan(tx, userId, id, clock.now())
    const values = valuesOf(before, body)
    checkStart(values.day, values.start)
    await updatePlan(tx, userId, id, values, before.source_id === null ? null : editsLeft(before, values))
    if (body.status) await setSkipped(tx, userId, id, body.status === 'skipped')
    if (body.session_id !== undefined) await match(tx, userId, id, body.session_id)
    for (const day of new Set([before.scheduled_on, values.day])) await settleDay(tx, userId, day)
    return planAnswer(await mustFindPlan(tx, userId, id, clock.now()))
  })
})

/** Absent changes nothing, null takes away. */
function valuesOf(row: PlannedRow, wanted: Wanted): PlanValues {
  const given = <T>(value: T | undefined, known: T): T => (value === undefined ? known : value)
  return {
    activity: given(wanted.activity, row.activity),
    title: given(wanted.title, row.title),
    description: given(wanted.description, row.description),
    day: given(wanted.scheduled_on, row.scheduled_on),
    start: given(timeOf(wanted.start_time), row.start_at),
    duration: given(wanted.duration, row.duration),
    distance: given(wanted.distance, row.distance),
  }
}

/** Its source's word stays beside what the person makes of it. */
const editsLeft = (before: PlannedRow, values: PlanValues): PlanEdits | null =>
  editsOf(
    saidOf(wordsOf({ ...before, day: before.scheduled_on, start: before.start_at }), before.edits),
    wordsOf(values),
  )

const wordsOf = ({ activity, title, description, day, start, duration, distance }: PlanValues): PlanWords => ({
  ...{ activity, title, description, duration, distance },
  scheduled_on: day,
  start_time: start?.toISOString() ?? null,
})

const timeOf = (instant: string | null | undefined): Date | null | undefined =>
  typeof instant === 'string' ? new Date(instant) : instant

async function match(tx: Write, userId: string, id: string, sessionId: string | null): Promise<void> {
  if (sessionId === null) return setMatch(tx, userId, id, null)
  const session = await mustFindSession(tx, userId, sessionId)
  const shown = session.superseded_by ?? session.session_id
  const records = (await tellingsOf(tx, userId, [session])).get(shown) ?? []
  return setMatch(tx, userId, id, { sessionId: shown, records: records.map(({ session_id }) => session_id) })
}
