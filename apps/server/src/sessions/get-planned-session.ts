import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { mustFindPlan, planAnswer } from './plan-answer.ts'

export const getPlannedSession = handle(routes.getPlannedSession, (call, { clock }) =>
  call.read(async (tx) =>
    planAnswer(await mustFindPlan(tx, call.caller.userId, call.params.planned_session_id, clock.now())),
  ),
)
