import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { deleteExportRow } from './exports.queries.ts'

/** One that is being written stops at its next part: its row is gone. */
export const deleteExport = handle(routes.deleteExport, (call) =>
  call.write(async (tx) => {
    if (!(await deleteExportRow(tx, call.caller.userId, call.params.export_id))) throw new Problem('not_found')
    return undefined
  }),
)
