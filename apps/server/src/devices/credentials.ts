/**
 * What a maker's cloud needs to let us in, given with a device. Tokens become those of a connection to the device's provider, which is
 * then fetched like any other; what opens nothing there is sealed beside it, one record a device.
 */
import { providerOf } from '@tributary/providers'
import { uuidv7 } from 'uuidv7'
import type { Connect } from '../connect/connect.ts'
import type { Write } from '../platform/db/database.ts'
import { askConnectionRun } from '../platform/runs/ask-run.queries.ts'
import type { Sealing } from '../platform/sealing.ts'
import { deleteCredentials, joinConnection, putOnConnection, writeCredentials } from './credentials.queries.ts'

interface Owner {
  user_id: string
  device_id: string
  device_type: string
  manufacturer: string | null
}

export interface CredentialEdges {
  sealing: Pick<Sealing, 'seal'>
  connect: Pick<Connect, 'bringTokens' | 'broughtWith'>
}

/** True when they opened a connection, whose first run is asked for: wake the runner after the commit. */
export async function saveCredentials(
  tx: Write,
  { sealing, connect }: CredentialEdges,
  device: Owner,
  credentials: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const userId = device.user_id
  const provider = providerOf(device.device_type, device.manufacturer)
  const brought = connect.broughtWith(credentials)
  const connectionId = await joinConnection(tx, { userId, provider, account: brought.account, newId: uuidv7() })
  await deleteCredentials(tx, userId, device.device_id)
  await putOnConnection(tx, userId, device.device_id, connectionId)
  if ((await connect.bringTokens(tx, { userId, connectionId, provider }, brought)) === 'opens') {
    await askConnectionRun(tx, { userId, connectionId, provider, trigger: 'automatic' })
    return true
  }
  const name = `device:${device.device_id}`
  const place = { userId, table: 'connection_secrets', row: `${connectionId}/${name}`, column: 'sealed', provider }
  const sealed = await sealing.seal(tx, place, JSON.stringify(credentials))
  await writeCredentials(tx, { userId, connectionId, name, sealed })
  return false
}

/** The connection goes too, if it never was more than somebody's credentials. */
export async function removeCredentials(
  tx: Write,
  { user_id, device_id }: Pick<Owner, 'user_id' | 'device_id'>,
): Promise<void> {
  await deleteCredentials(tx, user_id, device_id)
  await putOnConnection(tx, user_id, device_id, null)
}
