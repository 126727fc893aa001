import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { mustFindSession } from './find-session.ts'
import { listParts } from './sessions.queries.ts'

export const getLaps = handle(routes.getLaps, (call) => {
  const { userId } = call.caller
  return call.read(async (tx) => {
    const { session_id } = await mustFindSession(tx, userId, call.params.session_id)
    const parts = await listParts(tx, userId, session_id)
    return {
      items: parts.map(({ kind, position, start_at, end_at, label, intensity, totals }) => ({
        kind,
        index: position,
        start_time: instantOf(start_at.getTime()),
        end_time: instantOf(end_at.getTime()),
        label,
        intensity,
        totals,
      })),
      next_cursor: null,
    }
  })
})
