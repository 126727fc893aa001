/** The sources of an archive: one for each app or thing in it, the same for every export of its family. */
import type { PieceSource } from '@tributary/formats'
import type { Measured } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { must } from '../platform/must.ts'
import { manualSource } from '../platform/sources/manual-source.queries.ts'
import { cleanText } from './clean-text.ts'
import { assertHeld, type Held } from './queue.queries.ts'
import { deviceOf } from './settle-source.ts'
import {
  findOwnSource,
  joinDevice,
  makeDevice,
  noteOnFile,
  sourceOfApp,
  sourceOfDevice,
  sourceOfFiles,
} from './source.queries.ts'

interface PiecePlace {
  held: Held
  position: number
  /** The family of archives. */
  archive: string
}

export async function settleAppSource(
  tx: Write,
  { held, position, archive }: PiecePlace,
  claim: PieceSource,
  readings: readonly Measured[],
  syncIntervalMinutes: number,
): Promise<string> {
  await assertHeld(tx, held)
  const { userId, importId } = held
  const { sourceId, made } = await appSourceOf(tx, { userId, archive }, claim, readings, syncIntervalMinutes)
  if (made) {
    const detail = `The file names its device, so “${made}” was added to your devices`
    await noteOnFile(tx, { userId, importId, position }, [{ code: 'device_made', detail }])
  }
  return sourceId
}

/** A thing that says its maker and serial is that device, whoever else speaks of it. `made` is its name when it is new. */
export async function appSourceOf(
  tx: Write,
  { userId, archive }: { userId: string; archive: string },
  claim: PieceSource,
  readings: readonly Measured[],
  syncIntervalMinutes: number,
): Promise<{ sourceId: string; made?: string }> {
  const source = cleanText(claim)
  const before = source.was && (await sourceItWas(tx, userId, source, source.was))
  if (before) return { sourceId: before }
  const named = deviceOf(source)
  if (!named) {
    const app = { archive, key: source.key.slice(0, longestKey), name: source.name.slice(0, longestName) }
    return { sourceId: await sourceOfApp(tx, userId, app) }
  }
  const capabilities = [...new Set(readings.flatMap((reading) => ('metric' in reading ? [reading.metric] : [])))]
  const called = source.was && { deviceName: source.name, deviceType: source.was.deviceType ?? named.deviceType }
  const device = { ...named, ...called, capabilities, syncIntervalMinutes }
  const joined = await joinDevice(tx, userId, device)
  const made = joined ? undefined : await makeDevice(tx, userId, device)
  const settled = joined ?? made ?? must(await joinDevice(tx, userId, device), 'a device that exists can be joined')
  const sourceId = await sourceOfDevice(tx, userId, settled)
  return made ? { sourceId, made: made.device_name } : { sourceId }
}

/** Undefined: a device, or one that has no like here. */
async function sourceItWas(
  tx: Write,
  userId: string,
  { key: own, name }: PieceSource,
  { kind, archive, key }: NonNullable<PieceSource['was']>,
): Promise<string | undefined> {
  const same = await findOwnSource(tx, userId, own)
  if (same) return same
  if (kind === 'manual') return manualSource(tx, userId, uuidv7())
  if (kind === 'file') return sourceOfFiles(tx, userId)
  if (kind !== 'app' || !archive || !key) return undefined
  return sourceOfApp(tx, userId, {
    archive: archive.slice(0, longestKey),
    key: key.slice(0, longestKey),
    name: name.slice(0, longestName),
  })
}

const longestKey = 400
const longestName = 200

/** Whether a source belongs to the archive alone; what a device holds may have come by other doors as well. */
export const isOfArchive = (source: PieceSource): boolean => deviceOf(source) === undefined
