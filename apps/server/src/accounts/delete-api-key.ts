import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { revokeKey } from './api-keys.queries.ts'

export const deleteApiKey = handle(routes.deleteApiKey, async (call, { accounts, clock }) => {
  const { api_key_id: id } = call.params
  await call.write(async (tx) => {
    if (!(await revokeKey(tx, call.caller.userId, id, new Date(clock.now())))) throw new Problem('not_found')
  })
  accounts.authenticator.forget((caller) => caller.actor === `key:${id}`)
  return undefined
})
