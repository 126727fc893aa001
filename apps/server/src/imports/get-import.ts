import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { filesShown, importAnswer } from './import-answer.ts'
import { findImportRow, listFirstFiles } from './imports.queries.ts'

export const getImport = handle(routes.getImport, (call, { clock }) => {
  const { userId } = call.caller
  return call.read(async (tx) => {
    const row = await findImportRow(tx, userId, call.params.import_id)
    if (!row) throw new Problem('not_found')
    return importAnswer(row, await listFirstFiles(tx, userId, [row.import_id], filesShown), clock.now())
  })
})
