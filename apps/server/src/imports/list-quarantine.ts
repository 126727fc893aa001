import { routes } from '@tributary/protocol'
import { isUuid, readCursor, writeCursor } from '../platform/http/cursor.ts'
import { handle } from '../platform/http/handle.ts'
import { listQuarantined, totalQuarantined } from '../platform/quarantine/quarantine.queries.ts'
import { quarantineAnswer } from './quarantine-answer.ts'

export const listQuarantine = handle(routes.listQuarantine, (call) => {
  const { userId } = call.caller
  const { cursor, limit, import_id: importId, connection_id: connectionId, code } = call.query
  const [before] = cursor ? readCursor(cursor, isUuid) : []
  return call.read(async (tx) => {
    const rows = await listQuarantined(tx, userId, { importId, connectionId, code, before, limit: limit + 1 })
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      items: page.map(quarantineAnswer),
      next_cursor: rows.length > limit && last ? writeCursor([last.record_id]) : null,
      total: await totalQuarantined(tx, userId, { importId, connectionId, code }),
    }
  })
})
