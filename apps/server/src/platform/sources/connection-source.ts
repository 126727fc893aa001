/** Which source a provider's record belongs to: the device that it names by maker and serial, a thing of the connection, or the connection. */
import type { SourceClaim } from '@tributary/protocol'
import type { Write } from '../db/database.ts'
import { cleanText } from '../readings/clean-text.ts'
import {
  type ConnectionPlace,
  connectionSource,
  hangDevice,
  markDemo,
  markTold,
  noteWriter,
} from './connection-sources.queries.ts'
import { settleNamedDevice } from './named-device.ts'

const longestKey = 400
const longestName = 200

export interface ToldSource {
  sourceId: string
  /** Others write to it as well, each with ids of its own: those of a connection go by its provider's name in front. */
  isShared: boolean
}

export async function settleConnectionSource(
  tx: Write,
  place: ConnectionPlace & { providerName: string },
  claim: (SourceClaim & { key: string; name: string }) | undefined,
  device: { capabilities: readonly string[]; syncIntervalMinutes: number },
): Promise<ToldSource> {
  if (!claim)
    return { sourceId: await connectionSource(tx, place, { key: '', name: place.providerName }), isShared: false }
  const source = cleanText(claim)
  const key = source.key.slice(0, longestKey)
  const named = await settleNamedDevice(tx, place.userId, source, { ...device, integrationType: 'api' })
  // Beyond so many named devices what else is told hangs from the connection's own things.
  if (!named || named === 'full')
    return {
      sourceId: await connectionSource(tx, place, { key, name: source.name.slice(0, longestName) }),
      isShared: false,
    }
  await hangDevice(tx, place, named.device.device_id, key)
  await noteWriter(tx, place, named.sourceId)
  if (named.made) {
    await markTold(tx, place.userId, named.device.device_id)
    await markDemo(tx, place, named.device.device_id)
  }
  return { sourceId: named.sourceId, isShared: true }
}
