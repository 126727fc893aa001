import { routes } from '@tributary/protocol'
import { isUuid, readCursor, writeCursor } from '../platform/http/cursor.ts'
import { handle } from '../platform/http/handle.ts'
import { findToday } from '../platform/sessions/today.ts'
import { planAnswer } from './plan-answer.ts'
import { listPlannedRows } from './plans.queries.ts'

const isDate = (part: string): boolean => /^\d{4}-\d\d-\d\d$/.test(part) && !Number.isNaN(Date.parse(part))

export const listPlannedSessions = handle(routes.listPlannedSessions, async (call, { clock }) => {
  const { from, to, status, limit, cursor } = call.query
  const { userId } = call.caller
  const [day = '', id = ''] = cursor ? readCursor(cursor, isDate, isUuid) : []
  const after = cursor ? { day, id } : undefined
  return call.read(async (tx) => {
    const today = await findToday(tx, userId, clock.now())
    const rows = await listPlannedRows(tx, { userId, today, from, to, status, after, limit: limit + 1 })
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      items: page.map(planAnswer),
      next_cursor: rows.length > limit && last ? writeCursor([last.scheduled_on, last.planned_session_id]) : null,
    }
  })
})
