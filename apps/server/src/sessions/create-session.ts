import { routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { isNap } from '../platform/sessions/nap.ts'
import { findTimeZone, lockSessions } from '../platform/sessions/records.queries.ts'
import { settleSessions } from '../platform/sessions/settle.ts'
import { manualSource } from '../platform/sources/manual-source.queries.ts'
import { checkActivity, checkSpan, checkTotals } from './check-session.ts'
import { mustFindSession } from './find-session.ts'
import { sessionAnswer } from './session-answer.ts'
import { insertManualSession } from './sessions.queries.ts'

export const createSession = handle(routes.createSession, async (call, { clock }) => {
  const { userId } = call.caller
  const { type, is_nap, start_time, end_time, utc_offset_minutes, title, activity, notes, totals } = call.body
  const [start, end] = [Date.parse(start_time), Date.parse(end_time)]
  checkSpan(type, start, end, clock.now())
  checkActivity(activity)
  checkTotals(totals, { type, activity, start, end })
  const sessionId = uuidv7()
  const offset = utc_offset_minutes ?? null
  return call.write(
    async (tx) => {
      const sourceId = await manualSource(tx, userId, uuidv7())
      await lockSessions(tx, userId)
      const sleeps = type === 'sleep'
      await insertManualSession(tx, {
        userId,
        sessionId,
        sourceId,
        type,
        isNap: sleeps && (is_nap ?? isNap({ start, end, offset }, await findTimeZone(tx, userId))),
        activity: activity ?? null,
        title: title ?? null,
        notes: notes ?? null,
        start: new Date(start),
        end: new Date(end),
        utcOffsetMinutes: offset,
        totals: { duration: (end - start) / 1_000, ...totals },
        derived: totals?.['duration'] === undefined ? ['duration'] : [],
      })
      await settleSessions(tx, userId, [{ type, start, end }])
      return sessionAnswer(tx, await mustFindSession(tx, userId, sessionId))
    },
    { target: sessionId },
  )
})
