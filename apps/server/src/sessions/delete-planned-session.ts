import { routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { suppressedPlan } from '../platform/sessions/keep-plans.ts'
import { lockSessions } from '../platform/sessions/records.queries.ts'
import { settleDay } from '../platform/sessions/settle-plans.ts'
import type { Suppression } from '../platform/suppressions/suppression.ts'
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
    if (source_id !== null && external_id !== null)
      await insertSuppression(tx, suppressionOf(userId, source_id, external_id), title)
    await settleDay(tx, userId, scheduled_on)
    return undefined
  })
})

const suppressionOf = (userId: string, sourceId: string, externalId: string): Suppression => ({
  id: uuidv7(),
  userId,
  sourceId,
  metric: null,
  externalId: suppressedPlan(externalId),
  from: Number.NEGATIVE_INFINITY,
  to: Number.POSITIVE_INFINITY,
})
