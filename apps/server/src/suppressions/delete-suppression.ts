import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { liftSuppression } from '../platform/suppressions/suppressions.queries.ts'

/** What it kept away comes back when its source sends it again. */
export const deleteSuppression = handle(routes.deleteSuppression, async (call, { suppressions }) => {
  const { userId } = call.caller
  const id = call.params.suppression_id
  await call.write(async (tx) => {
    if (!(await liftSuppression(tx, userId, id))) throw new Problem('not_found')
    return undefined
  })
  suppressions.forget({ userId, id })
  return undefined
})
