import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import { giveToken } from './tokens.queries.ts'

export const issueDeviceToken = handle(routes.issueDeviceToken, async (call, { authenticator }) => {
  const { device_id } = call.params
  const answer = await call.write(async (tx) => {
    const given = await giveToken(tx, call.caller.userId, device_id)
    if (!given) throw new Problem('not_found')
    return { device_id, device_token: given.token, created_at: instantOf(given.created_at) }
  })
  authenticator.forget((caller) => caller.deviceId === device_id)
  return answer
})
