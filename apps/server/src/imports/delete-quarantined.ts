import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { deleteQuarantined as deleteRecord } from '../platform/quarantine/quarantine.queries.ts'

export const deleteQuarantined = handle(routes.deleteQuarantined, (call) => {
  const { userId } = call.caller
  return call.write(async (tx) => {
    if (!(await deleteRecord(tx, userId, call.params.record_id))) throw new Problem('not_found')
    return undefined
  })
})
