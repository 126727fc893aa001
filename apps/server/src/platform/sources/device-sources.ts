/**
 * From a device to the source its data hangs from, for every route below a device's address. What was found is believed for a
 * second: an upload must not ask the database whose device it is, and a device removed by another process is gone a second later.
 */
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { clearToldOnly, findSourceOfDevice, type SourceOfDevice } from './sources.queries.ts'

export interface DeviceSources {
  /** The source of the person's device; undefined when there is no such device, or it is somebody else's. */
  find(userId: string, deviceId: string): Promise<string | undefined>
  /** The same, for what is about to be uploaded to it. */
  findToWrite(userId: string, deviceId: string): Promise<string | undefined>
  forget(deviceId: string): void
}

interface Found {
  source: Promise<SourceOfDevice | undefined>
  until: number
}

const believedMs = 1_000
const cached = 50_000

export function createDeviceSources({ db, clock }: { db: Database; clock: Clock }): DeviceSources {
  const known = new Map<string, Map<string, Found>>()
  const look = (userId: string, deviceId: string): Promise<SourceOfDevice | undefined> => {
    const now = clock.now()
    const id = deviceId.toLowerCase()
    const there = known.get(id)?.get(userId)
    if (there && now < there.until && now >= there.until - believedMs) return there.source
    if (known.size >= cached) known.clear()
    const ofDevice = known.get(id) ?? new Map<string, Found>()
    known.set(id, ofDevice)
    const source = db.readOn({ userId }, (client) => findSourceOfDevice(client, userId, id))
    ofDevice.set(userId, { source, until: now + believedMs })
    // A failure and an absence are not worth remembering: the device may be registered the next moment.
    source.then(
      (found) => found ?? ofDevice.delete(userId),
      () => ofDevice.delete(userId),
    )
    return source
  }
  const forget = (deviceId: string) => void known.delete(deviceId.toLowerCase())
  return {
    find: async (userId, deviceId) => (await look(userId, deviceId))?.sourceId,
    async findToWrite(userId, deviceId) {
      const found = await look(userId, deviceId)
      if (!found?.isToldOnly) return found?.sourceId
      // Before anything is stored: whoever takes a connection's data away holds the device while they look.
      await db.write({ userId }, (tx) => clearToldOnly(tx, userId, deviceId.toLowerCase()))
      forget(deviceId)
      return (await look(userId, deviceId))?.sourceId
    },
    forget,
  }
}
