import { routes } from '@tributary/protocol'
import { handle } from '../platform/http/handle.ts'
import { describePage } from '../platform/http/page-headers.ts'
import { deviceOf } from './device-view.ts'
import { countDevices, listDevices as findDevices } from './devices.queries.ts'

export const listDevices = handle(routes.listDevices, async (call, { sightings }) => {
  const { query, caller } = call
  await sightings.settle(caller.userId)
  const { rows, total } = await call.read(async (tx) => ({
    rows: await findDevices(tx, caller.userId, query, query),
    total: await countDevices(tx, caller.userId, query),
  }))
  describePage(call.request, call.reply, query, total)
  return rows.map(deviceOf)
})
