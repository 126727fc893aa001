import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { findDevice } from './devices.queries.ts'
import { revokeToken } from './tokens.queries.ts'

/** A device without a token is left as it is: revoked is revoked. */
export const revokeDeviceToken = handle(routes.revokeDeviceToken, async (call, { authenticator }) => {
  const { device_id } = call.params
  await call.write(async (tx) => {
    const { userId } = call.caller
    if (!(await findDevice(tx, userId, device_id))) throw new Problem('not_found')
    await revokeToken(tx, userId, device_id)
    return undefined
  })
  authenticator.forget((caller) => caller.deviceId === device_id)
  return undefined
})
