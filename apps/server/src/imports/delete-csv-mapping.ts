import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { deleteMapping } from './csv-mappings.queries.ts'

export const deleteCsvMapping = handle(routes.deleteCsvMapping, (call) =>
  call.write(async (tx) => {
    if (!(await deleteMapping(tx, call.caller.userId, call.params.mapping_id))) throw new Problem('not_found')
    return undefined
  }),
)
