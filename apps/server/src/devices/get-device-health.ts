import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { findDevice } from './devices.queries.ts'
import { healthOf } from './health-view.ts'

export const getDeviceHealth = handle(routes.getDeviceHealth, async (call, { sightings, clock }) => {
  const { userId } = call.caller
  await sightings.settle(userId)
  const row = await call.read((tx) => findDevice(tx, userId, call.params.device_id))
  if (!row) throw new Problem('not_found')
  return healthOf(row, clock.now())
})
