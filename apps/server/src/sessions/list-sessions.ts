import { routes } from '@tributary/protocol'
import { isInstant, isUuid, readCursor, writeCursor } from '../platform/http/cursor.ts'
import { handle } from '../platform/http/handle.ts'
import { sessionAnswer } from './session-answer.ts'
import { listSessionRows } from './sessions.queries.ts'

export const listSessions = handle(routes.listSessions, async (call) => {
  const { type, activity, start_time, end_time, limit, cursor } = call.query
  const [startAt = '', sessionId = ''] = cursor ? readCursor(cursor, isInstant, isUuid) : []
  const filter = {
    userId: call.caller.userId,
    type,
    activity,
    from: start_time,
    to: end_time,
    after: cursor ? { startAt, sessionId } : undefined,
    limit: limit + 1, // one more tells whether there is another page
  }
  const rows = await call.read((tx) => listSessionRows(tx, filter))
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map(sessionAnswer),
    next_cursor: rows.length > limit && last ? writeCursor([last.start_at.toISOString(), last.session_id]) : null,
  }
})
