import { type BodyOf, type Routes, routes } from '@tributary/protocol'
import type { Write } from '../platform/db/database.ts'
import { handle } from '../platform/http/handle.ts'
import { must } from '../platform/must.ts'
import { Problem } from '../platform/problem.ts'
import { type CredentialEdges, removeCredentials, saveCredentials } from './credentials.ts'
import { deviceOf } from './device-view.ts'
import {
  type DeviceChange,
  findDevice,
  findDeviceBySerial,
  renameSource,
  updateDevice as saveDevice,
} from './devices.queries.ts'

type Body = BodyOf<Routes['updateDevice']>

export const updateDevice = handle(routes.updateDevice, async (call, { sealing, connect, runner }) => {
  const { userId } = call.caller
  const { device_id } = call.params
  try {
    const answer = await call.write((tx) => change(tx, { sealing, connect }, userId, device_id, call.body))
    if (call.body.credentials) runner.wake()
    return answer
  } catch (error) {
    if (!isSerialTaken(error)) throw error
    const taken = await call.read(async (tx) => {
      const known = must(await findDevice(tx, userId, device_id), 'the device that was changed exists')
      const { manufacturer = known.manufacturer, serial_number = known.serial_number } = call.body
      return findDeviceBySerial(tx, userId, manufacturer, serial_number)
    })
    throw new Problem('device_exists', 'Another device of this maker has this serial number', { device_id: taken })
  }
})

async function change(tx: Write, edges: CredentialEdges, userId: string, deviceId: string, body: Body) {
  const found = await saveDevice(tx, userId, deviceId, columnsOf(body))
  if (!found) throw new Problem('not_found')
  if (body.device_name !== undefined) await renameSource(tx, userId, deviceId, body.device_name)
  if (body.credentials !== undefined) {
    const device = must(await findDevice(tx, userId, deviceId), 'the device was just changed')
    if (body.credentials) await saveCredentials(tx, edges, device, body.credentials)
    else await removeCredentials(tx, device)
  }
  return deviceOf(must(await findDevice(tx, userId, deviceId), 'the device was just changed'))
}

/** Only the keys given. */
function columnsOf({ credentials: _sealed, sync_settings, ...given }: Body): DeviceChange {
  return Object.fromEntries(Object.entries({ ...given, ...sync_settings }).filter(([, value]) => value !== undefined))
}

/** 23505: unique_violation. */
function isSerialTaken(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code === '23505' && constraint === 'devices_serial'
}
