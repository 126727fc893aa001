/** The devices that a platform knows: those which its records name. One that is added takes its readings with it. */
import { routes } from '@tributary/protocol'
import { findProvider } from '@tributary/providers'
import type { Read } from '../platform/db/database.ts'
import { handle } from '../platform/http/handle.ts'
import { instantOrNull } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import { hasConnection, listPlatformDevices, makePlatformDevice, type PlatformRow } from './platform-devices.queries.ts'

export const listIntegrationDevices = handle(routes.listIntegrationDevices, (call) =>
  call.read(async (tx) => {
    const rows = await devicesOf(tx, call.caller.userId, call.params.type)
    return rows.map((row) => ({
      platform_device_id: idOf(row),
      name: row.name,
      manufacturer: row.manufacturer,
      model: row.model,
      device_id: row.device_id,
      connection_id: row.connection_id,
      last_seen: instantOrNull(row.last_seen_at),
    }))
  }),
)

export const importIntegrationDevices = handle(routes.importIntegrationDevices, (call, { config }) => {
  const { userId } = call.caller
  const { type } = call.params
  return call.write(async (tx) => {
    const rows = await devicesOf(tx, userId, type)
    const wanted = [...new Set(call.body.device_ids)].map((id) => {
      const row = rows.find((one) => idOf(one) === id)
      if (!row) throw new Problem('not_found')
      return row
    })
    const made = []
    for (const row of wanted) {
      const device = { deviceType: type, syncIntervalMinutes: config.DEFAULT_SYNC_INTERVAL_MINUTES }
      const deviceId = row.device_id ?? (await makePlatformDevice(tx, userId, row, device))
      made.push({ platform_device_id: idOf(row), device_id: deviceId, device_name: row.name })
    }
    return made
  })
})

/** Two accounts at one provider may both know a thing by the same key. */
const idOf = ({ connection_id, platform_key }: PlatformRow): string => `${connection_id}:${platform_key}`

async function devicesOf(tx: Read, userId: string, type: string): Promise<PlatformRow[]> {
  const provider = findProvider(type)
  if (!provider) throw new Problem('provider_unknown')
  if (!(await hasConnection(tx, userId, provider.id))) throw new Problem('provider_not_connected')
  return listPlatformDevices(tx, userId, provider.id)
}
