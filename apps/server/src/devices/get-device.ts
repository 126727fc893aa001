import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { deviceOf } from './device-view.ts'
import { findDevice } from './devices.queries.ts'

export const getDevice = handle(routes.getDevice, async (call, { sightings }) => {
  const { userId } = call.caller
  await sightings.settle(userId)
  const row = await call.read((tx) => findDevice(tx, userId, call.params.device_id))
  if (!row) throw new Problem('not_found')
  return deviceOf(row)
})
