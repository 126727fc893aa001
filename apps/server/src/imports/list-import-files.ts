import { routes } from '@tributary/protocol'
import { readCursor, writeCursor } from '../platform/http/cursor.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { fileAnswer } from './import-answer.ts'
import { findImportRow, listFilesAfter } from './imports.queries.ts'

const isPosition = (part: string): boolean => /^\d{1,9}$/.test(part)

export const listImportFiles = handle(routes.listImportFiles, (call) => {
  const { userId } = call.caller
  const { cursor, limit, status } = call.query
  const [after = '-1'] = cursor ? readCursor(cursor, isPosition) : []
  return call.read(async (tx) => {
    const row = await findImportRow(tx, userId, call.params.import_id)
    if (!row) throw new Problem('not_found')
    const files = await listFilesAfter(tx, userId, row.import_id, { status, after: Number(after), limit: limit + 1 })
    const page = files.slice(0, limit)
    const last = page.at(-1)
    return {
      items: page.map(fileAnswer),
      next_cursor: files.length > limit && last ? writeCursor([String(last.position)]) : null,
    }
  })
})
