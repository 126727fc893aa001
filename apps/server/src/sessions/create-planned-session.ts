import { routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { lockSessions } from '../platform/sessions/records.queries.ts'
import { settleDay } from '../platform/sessions/settle-plans.ts'
import { checkActivity, checkStart } from './check-session.ts'
import { mustFindPlan, planAnswer } from './plan-answer.ts'
import { insertPlan } from './plans.queries.ts'

export const createPlannedSession = handle(routes.createPlannedSession, async (call, { clock }) => {
  const { userId } = call.caller
  const { activity, title, description, scheduled_on: day, start_time, duration, distance } = call.body
  checkActivity(activity)
  const start = start_time ? new Date(start_time) : null
  checkStart(day, start)
  const id = uuidv7()
  return call.write(
    async (tx) => {
      await lockSessions(tx, userId)
      await insertPlan(tx, userId, id, {
        activity: activity ?? null,
        title,
        description: description ?? null,
        day,
        start,
        duration: duration ?? null,
        distance: distance ?? null,
      })
      await settleDay(tx, userId, day)
      return planAnswer(await mustFindPlan(tx, userId, id, clock.now()))
    },
    { target: id },
  )
})
