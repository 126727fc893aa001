import { routes } from '@tributary/protocol'
import { isUuid, readCursor, writeCursor } from '../platform/http/cursor.ts'
import { handle } from '../platform/http/handle.ts'
import { importAnswer } from './import-answer.ts'
import { listFirstFiles, listImportRows } from './imports.queries.ts'

/** Of each import in a list; all of one are paged through. */
const filesListed = 20

export const listImports = handle(routes.listImports, (call, { clock }) => {
  const { userId } = call.caller
  const { cursor, limit } = call.query
  const [before] = cursor ? readCursor(cursor, isUuid) : []
  return call.read(async (tx) => {
    const rows = await listImportRows(tx, userId, before, limit + 1)
    const page = rows.slice(0, limit)
    const ids = page.map((row) => row.import_id)
    const files = Map.groupBy(await listFirstFiles(tx, userId, ids, filesListed), (file) => file.import_id)
    const last = page.at(-1)
    return {
      items: page.map((row) => importAnswer(row, files.get(row.import_id) ?? [], clock.now())),
      next_cursor: rows.length > limit && last ? writeCursor([last.import_id]) : null,
    }
  })
})
