import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { suppressedPlan } from '../platform/sessions/keep-plans.ts'
import { lockSessions } from '../platform/sessions/records.queries.ts'
import { settleDay } from '../platform/sessions/settle-plans.ts'
import { suppressionOfOne } from '../platform/suppressions/suppression.ts'
import { insertSuppression } from '../platform/suppressions/suppressions.queries.ts'
import { mustFindPlan } from './plan-answer.ts'
import { deletePlan } from './plans.queries.ts'

/** The session that fulfilled it may fulfil another plan of the day. One that a provider told does not come back with its next sync. */
export const deletePlannedSession = handle(routes.deletePlannedSession, async (call, { clock }) => {
  const { userId } = call.caller
  const { planned_session_id: id } = call.params
  return call.write(async (tx) => {
    await lockSessions(tx, userId)
    const { scheduled_on, title, source_id, external_id } = await mustFindPlan(tx, userId, id, clock.now())
    await deletePlan(tx, userId, id)
    if (source_id !== null && external_id !== null) {
      const externalId = suppressedPlan(external_id)
      await insertSuppression(tx, suppressionOfOne({ userId, sourceId: source_id, externalId }), title)
    }
    await settleDay(tx, userId, scheduled_on)
    return undefined
  })
})
