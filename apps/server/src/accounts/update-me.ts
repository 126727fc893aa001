import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { showUser } from './show.ts'
import { type UserChange, updateUser } from './users.queries.ts'

/** Only the keys that were given change; the contract has refused all others. */
export const updateMe = handle(routes.updateMe, async (call) => {
  const { userId } = call.caller
  return call.write(
    async (tx) => showUser(must(await updateUser(tx, userId, call.body as UserChange), 'a caller is a person')),
    { target: userId },
  )
})
