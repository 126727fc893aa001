/** What data say of the thing that measured: with maker and serial it is one device, whoever speaks of it. */
import type { SourceClaim } from '@tributary/protocol'
import type { Write } from '../db/database.ts'
import {
  joinDevice,
  makeDevice,
  type NamedDevice,
  type SettledDevice,
  sourceOfNamedDevice,
} from './named-devices.queries.ts'

type Named = Omit<NamedDevice, 'capabilities' | 'syncIntervalMinutes'>

/** Only maker and serial together tell one watch from all others of its model. */
export function deviceOf({ manufacturer, model, serial, firmware }: SourceClaim): Named | undefined {
  if (!manufacturer || !serial) return undefined
  const name = model?.toLowerCase().startsWith(manufacturer.toLowerCase())
    ? model
    : [manufacturer, model].filter(Boolean).join(' ')
  return {
    manufacturer,
    model: model ?? null,
    serial,
    firmware: firmware ?? null,
    deviceType:
      name
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '_')
        .replace(/^_|_$/g, '') || 'unknown',
    deviceName: name,
  }
}

/** Joins or makes the device that a claim names; undefined when it names none, `full` when there are too many to make another. `made` is its name when it is new. */
export async function settleNamedDevice(
  tx: Write,
  userId: string,
  claim: SourceClaim,
  rest: Pick<NamedDevice, 'capabilities' | 'syncIntervalMinutes' | 'integrationType'> &
    Partial<Pick<NamedDevice, 'deviceName' | 'deviceType'>>,
): Promise<{ sourceId: string; device: SettledDevice; made?: string } | 'full' | undefined> {
  const named = deviceOf(claim)
  if (!named) return undefined
  const device = { ...named, ...rest }
  const joined = await joinDevice(tx, userId, device)
  const made = joined ? undefined : await makeDevice(tx, userId, device)
  const settled = joined ?? made ?? (await joinDevice(tx, userId, device))
  if (!settled) return 'full'
  const sourceId = await sourceOfNamedDevice(tx, userId, settled)
  return { sourceId, device: settled, ...(made ? { made: made.device_name } : {}) }
}
