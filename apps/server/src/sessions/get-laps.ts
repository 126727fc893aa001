import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { mustFindSession } from './find-session.ts'
import { listParts } from './sessions.queries.ts'
import { placesToLook } from './tellings.ts'

export const getLaps = handle(routes.getLaps, (call) => {
  const { userId } = call.caller
  return call.read(async (tx) => {
    const session = await mustFindSession(tx, userId, call.params.session_id)
    const place = (await placesToLook(tx, userId, session)).find(({ parts }) => parts > 0)
    const parts = place ? await listParts(tx, userId, place.session_id) : []
    return {
      items: parts.map(({ kind, position, start_at, end_at, label, intensity, totals }) => ({
        kind,
        index: position,
        start_time: instantOf(start_at),
        end_time: instantOf(end_at),
        label,
        intensity,
        totals,
      })),
      next_cursor: null,
    }
  })
})
