import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { exportAnswer } from './export-answer.ts'
import { findExport } from './exports.queries.ts'

export const getExport = handle(routes.getExport, async (call) => {
  const row = await call.read((tx) => findExport(tx, call.caller.userId, call.params.export_id))
  if (!row) throw new Problem('not_found')
  return exportAnswer(row)
})
