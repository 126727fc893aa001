import { routes } from '@tributary/protocol'
import { isInstant, isUuid, readCursor, writeCursor } from '../platform/http/cursor.ts'
import { handle } from '../platform/http/handle.ts'
import { sessionAnswers } from './session-answer.ts'
import { listSessionRows } from './sessions.queries.ts'

export const listSessions = handle(routes.listSessions, async (call) => {
  const { type, activity, source, q, min_distance, min_duration, start_time, end_time, limit, cursor } = call.query
  const { userId } = call.caller
  const [startAt = '', sessionId = ''] = cursor ? readCursor(cursor, isInstant, isUuid) : []
  const filter = {
    userId,
    type,
    activity,
    source,
    words: q?.split(/\s+/).filter(Boolean) ?? [],
    minDistance: min_distance,
    minDuration: min_duration,
    from: start_time,
    to: end_time,
    after: cursor ? { startAt, sessionId } : undefined,
    limit: limit + 1, // one more tells whether there is another page
  }
  return call.read(async (tx) => {
    const rows = await listSessionRows(tx, filter)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      items: await sessionAnswers(tx, userId, page),
      next_cursor: rows.length > limit && last ? writeCursor([last.start_at.toISOString(), last.session_id]) : null,
    }
  })
})
