import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { eraseHeld } from '../platform/sources/forget-source.ts'
import { holdDevice } from '../platform/sources/hold-device.queries.ts'
import { untilSettled } from '../platform/sources/until-settled.ts'
import { removeCredentials } from './credentials.ts'
import { deleteDevice as dropDevice } from './devices.queries.ts'

/** Kept data stays with its source, which loses its device but not its name. */
export const deleteDevice = handle(routes.deleteDevice, async (call, { store, deviceSources, authenticator }) => {
  const { userId } = call.caller
  const { device_id } = call.params
  await untilSettled(() =>
    call.write(async (tx) => {
      const held = await holdDevice(tx, userId, device_id)
      if (!held) throw new Problem('not_found')
      if (held.source && call.query.data === 'delete') await eraseHeld(tx, store, userId, held)
      await removeCredentials(tx, { user_id: userId, device_id })
      await dropDevice(tx, userId, device_id)
      return undefined
    }),
  )
  deviceSources.forget(device_id)
  authenticator.forget((caller) => caller.deviceId === device_id)
  return undefined
})
