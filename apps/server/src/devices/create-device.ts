import { routes } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import { handle } from '../platform/http/handle.ts'
import { instantOf } from '../platform/instant.ts'
import { Problem } from '../platform/problem.ts'
import { saveCredentials } from './credentials.ts'
import { nextSync } from './device-view.ts'
import { findDeviceBySerial, insertDevice, insertSource, type NewDeviceRow } from './devices.queries.ts'
import { giveToken } from './tokens.queries.ts'

export const createDevice = handle(routes.createDevice, async (call, { config, sealing, connect, runner }) => {
  const { body, caller } = call
  const device: NewDeviceRow = {
    user_id: caller.userId,
    device_id: uuidv7(),
    device_type: body.device_type,
    device_name: body.device_name,
    manufacturer: body.manufacturer ?? null,
    model: body.model ?? null,
    serial_number: body.serial_number ?? null,
    firmware_version: body.firmware_version ?? null,
    capabilities: body.capabilities ?? [],
    integration_type: body.integration_type,
    auto_sync: body.sync_settings?.auto_sync ?? true,
    sync_interval_minutes: body.sync_settings?.sync_interval_minutes ?? config.DEFAULT_SYNC_INTERVAL_MINUTES,
    sync_historical_days: body.sync_settings?.sync_historical_days ?? 30,
  }
  let hasOpened = false
  const answer = await call.write(
    async (tx) => {
      const made = await insertDevice(tx, device)
      if (!made) {
        const known = await findDeviceBySerial(tx, caller.userId, device.manufacturer, device.serial_number)
        throw new Problem('device_exists', 'A device of this maker with this serial number is registered already', {
          device_id: known,
        })
      }
      await insertSource(tx, caller.userId, device.device_id, uuidv7(), device.device_name)
      if (body.credentials) hasOpened = await saveCredentials(tx, { sealing, connect }, device, body.credentials)
      const token = body.issue_token ? await giveToken(tx, caller.userId, device.device_id) : undefined
      return {
        device_id: device.device_id,
        status: 'registered' as const,
        sync_status: 'pending' as const,
        last_sync: null,
        next_sync: nextSync({ ...device, last_sync_at: null, created_at: made.created_at }),
        created_at: instantOf(made.created_at),
        ...(token ? { device_token: token.token } : {}),
      }
    },
    { target: device.device_id },
  )
  if (hasOpened) runner.wake()
  return answer
})
