import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { deleteInviteOf } from './invites.queries.ts'

export const deleteInvite = handle(routes.deleteInvite, async (call) => {
  await call.write(async (tx) => {
    if (!(await deleteInviteOf(tx, call.caller.userId, call.params.invite_id))) throw new Problem('not_found')
  })
  return undefined
})
