import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { lockSessions, spansOfSource } from '../platform/sessions/records.queries.ts'
import { settleSessions } from '../platform/sessions/settle.ts'
import { deleteCredentials, deleteUnusedConnections } from './credentials.queries.ts'
import { deleteDevice as dropDevice } from './devices.queries.ts'
import { deleteSource, lockSource } from './sources.queries.ts'

/** Kept data stays with its source, which loses its device but not its name. */
export const deleteDevice = handle(routes.deleteDevice, async (call, { store, deviceSources, authenticator }) => {
  const { userId } = call.caller
  const { device_id } = call.params
  await call.write(async (tx) => {
    const source = await lockSource(tx, userId, device_id)
    if (source && call.query.data === 'delete') {
      // Samples first, in a transaction of the store's own: interrupted here, the device is still there and can be deleted again.
      await store.erase(userId, source.seriesIds)
      await lockSessions(tx, userId)
      const spans = await spansOfSource(tx, userId, source.sourceId)
      await deleteSource(tx, userId, source.sourceId)
      await settleSessions(tx, userId, spans) // what others tell of the same sessions is shown instead
    }
    await deleteCredentials(tx, userId, device_id)
    if (!(await dropDevice(tx, userId, device_id))) throw new Problem('not_found')
    await deleteUnusedConnections(tx, userId)
    return undefined
  })
  deviceSources.forget(device_id)
  authenticator.forget((caller) => caller.deviceId === device_id)
  return undefined
})
