/**
 * What a maker's cloud needs to let us in: sealed at once, under the connection of the device's provider, one record a device.
 * Nothing here reads them back; that is the token refresher's work.
 */
import { providerOf } from '@tributary/providers'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import type { Sealing } from '../platform/sealing.ts'
import { deleteCredentials, joinConnection, putOnConnection, writeCredentials } from './credentials.queries.ts'

interface Owner {
  user_id: string
  device_id: string
  device_type: string
  manufacturer: string | null
}

export async function saveCredentials(tx: Write, sealing: Sealing, device: Owner, credentials: object): Promise<void> {
  const provider = providerOf(device.device_type, device.manufacturer)
  const connectionId = await joinConnection(tx, device.user_id, provider, uuidv7())
  await deleteCredentials(tx, device.user_id, device.device_id)
  await putOnConnection(tx, device.user_id, device.device_id, connectionId)
  const name = `device:${device.device_id}`
  const place = {
    userId: device.user_id,
    table: 'connection_secrets',
    row: `${connectionId}/${name}`,
    column: 'sealed',
    provider,
  }
  const sealed = await sealing.seal(tx, place, JSON.stringify(credentials))
  await writeCredentials(tx, { userId: device.user_id, connectionId, name, sealed })
}

/** The connection goes too, unless somebody else uses it. */
export async function removeCredentials(tx: Write, { user_id, device_id }: Owner): Promise<void> {
  await deleteCredentials(tx, user_id, device_id)
  await putOnConnection(tx, user_id, device_id, null)
}
