import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { lockSessions } from '../platform/sessions/records.queries.ts'
import { settleDay } from '../platform/sessions/settle-plans.ts'
import { mustFindPlan } from './plan-answer.ts'
import { deletePlan } from './plans.queries.ts'

/** The session that fulfilled it may fulfil another plan of the day. */
export const deletePlannedSession = handle(routes.deletePlannedSession, async (call, { clock }) => {
  const { userId } = call.caller
  const { planned_session_id: id } = call.params
  return call.write(async (tx) => {
    await lockSessions(tx, userId)
    const { scheduled_on } = await mustFindPlan(tx, userId, id, clock.now())
    await deletePlan(tx, userId, id)
    await settleDay(tx, userId, scheduled_on)
    return undefined
  })
})
