/** The sources of an archive: one for each app or thing in it, the same for every export of its family. */
import type { PieceSource } from '@tributary/formats'
import type { Measured } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { cleanText } from '../platform/readings/clean-text.ts'
import { manualSource } from '../platform/sources/manual-source.queries.ts'
import { deviceOf, settleNamedDevice } from '../platform/sources/named-device.ts'
import { assertHeld, type Held } from './queue.queries.ts'
import { findOwnSource, mostSources, noteOnFile, sourceOfApp, sourceOfFiles } from './source.queries.ts'

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
): Promise<string | undefined> {
  await assertHeld(tx, held)
  const { userId, importId } = held
  const settled = await appSourceOf(tx, { userId, archive }, claim, readings, syncIntervalMinutes)
  const { sourceId, made } = settled ?? {}
  if (made) {
    const detail = `The file names its device, so “${made}” was added to your devices`
    await noteOnFile(tx, { userId, importId, position }, [{ code: 'device_made', detail }])
  }
  return sourceId
}

/** Why a value has nowhere to go. It is kept to be tried again, and goes in once others were removed. */
export const sourcesFull = {
  code: 'sources_full',
  detail: `There are ${mostSources.toLocaleString('en')} sources of this kind already, and no more are made: remove some to have it`,
}

/**
 * A thing that says its maker and serial is that device, whoever else speaks of it. `made` is its name when it is new; undefined
 * when there are too many to make another.
 */
export async function appSourceOf(
  tx: Write,
  { userId, archive }: { userId: string; archive: string },
  claim: PieceSource,
  readings: readonly Measured[],
  syncIntervalMinutes: number,
): Promise<{ sourceId: string; made?: string } | undefined> {
  const source = cleanText(claim)
  const before = source.was && (await sourceItWas(tx, userId, source, source.was))
  if (before) return { sourceId: before }
  const capabilities = [...new Set(readings.flatMap((reading) => ('metric' in reading ? [reading.metric] : [])))]
  const named = await settleNamedDevice(tx, userId, source, {
    ...calledBefore(source),
    capabilities,
    syncIntervalMinutes,
  })
  if (named === 'full') return undefined
  if (named) return named
  const sourceId = await sourceOfApp(tx, userId, appOf(archive, source.key, source.name))
  return sourceId === undefined ? undefined : { sourceId }
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
  return sourceOfApp(tx, userId, appOf(archive.slice(0, longestKey), key, name))
}

/** A person may have given their device a name of its own. */
const calledBefore = ({ was, name }: PieceSource): { deviceName?: string; deviceType?: string } => ({
  ...(was && { deviceName: name }),
  ...(was?.deviceType && { deviceType: was.deviceType }),
})

const appOf = (archive: string, key: string, name: string) => ({
  archive,
  key: key.slice(0, longestKey),
  name: name.slice(0, longestName),
})

const longestKey = 400
const longestName = 200

/** Whether a source belongs to the archive alone; what a device holds may have come by other doors as well. */
export const isOfArchive = (source: PieceSource): boolean => deviceOf(source) === undefined
