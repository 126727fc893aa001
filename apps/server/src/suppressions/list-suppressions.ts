import { routes } from '@tributary/protocol'
import { isInstant, isUuid, readCursor, writeCursor } from '../platform/http/cursor.ts'
import { handle } from '../platform/http/handle.ts'
import { suppressionAnswer } from './suppression-answer.ts'
import { listSuppressionRows } from './suppressions.queries.ts'

export const listSuppressions = handle(routes.listSuppressions, async (call) => {
  const { limit, cursor } = call.query
  const [createdAt = '', id = ''] = cursor ? readCursor(cursor, isInstant, isUuid) : []
  const page = { after: cursor ? { createdAt, id } : null, limit: limit + 1 }
  const rows = await call.read((tx) => listSuppressionRows(tx, call.caller.userId, page))
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map(suppressionAnswer),
    next_cursor: rows.length > limit && last ? writeCursor([last.created_text, last.suppression_id]) : null,
  }
})
