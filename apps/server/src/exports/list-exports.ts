import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { exportAnswer } from './export-answer.ts'
import { listExportRows } from './exports.queries.ts'

export const listExports = handle(routes.listExports, async (call) => {
  const rows = await call.read((tx) => listExportRows(tx, call.caller.userId))
  return { items: rows.map(exportAnswer), next_cursor: null }
})
