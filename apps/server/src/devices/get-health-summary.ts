import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { listDevices } from './devices.queries.ts'
import { summaryOf } from './health-view.ts'

export const getHealthSummary = handle(routes.getHealthSummary, async (call, { sightings, clock }) => {
  const { userId } = call.caller
  await sightings.settle(userId)
  return summaryOf(await call.read((tx) => listDevices(tx, userId)), clock.now())
})
