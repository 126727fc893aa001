import { routes } from '@tributary/protocol'
import { querierOf } from '../platform/db/querier-of.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { sqlState } from '../platform/samples/errors.ts'
import { forgetSource } from '../platform/sources/forget-source.ts'
import { holdDevice } from '../platform/sources/hold-device.queries.ts'
import { removeCredentials } from './credentials.ts'
import { deleteDevice as dropDevice } from './devices.queries.ts'

/** Each time a series of another metric was begun in that very moment, and there are only so many; or a circle of waiting was broken here. */
const mostTries = 20

/** Kept data stays with its source, which loses its device but not its name. */
export const deleteDevice = handle(routes.deleteDevice, async (call, { store, deviceSources, authenticator }) => {
  const { userId } = call.caller
  const { device_id } = call.params
  for (let tries = 1; ; tries++)
    try {
      await call.write(async (tx) => {
        const held = await holdDevice(tx, userId, device_id)
        if (!held) throw new Problem('not_found')
        if (held.source && call.query.data === 'delete') {
          if (held.begun) throw new SeriesBegun('a series was begun while the others were held')
          // In this transaction, so that it happens whole or not at all. In one of its own the store would need a connection of its
          // pool, and all of those may be waiting for the source that is held here.
          await store.erase(userId, held.source.seriesIds, querierOf(tx))
          await forgetSource(tx, userId, held.source.sourceId)
        }
        await removeCredentials(tx, { user_id: userId, device_id })
        await dropDevice(tx, userId, device_id)
        return undefined
      })
      break
    } catch (error) {
      if (!(error instanceof SeriesBegun) && sqlState(error) !== '40P01') throw error
      if (tries === mostTries) throw new Problem('busy', undefined, { retryAfterSeconds: 1 })
    }
  deviceSources.forget(device_id)
  authenticator.forget((caller) => caller.deviceId === device_id)
  return undefined
})

class SeriesBegun extends Error {
  override name = 'SeriesBegun'
}
