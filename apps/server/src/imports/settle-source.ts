/** Which source a file's samples belong to: the device it names, which is joined or made, else the person's files. */
import type { ParsedFile } from '@tributary/formats'
import type { Write } from '../platform/db/database.ts'
import { settleNamedDevice } from '../platform/sources/named-device.ts'
import { mostNamedDevices } from '../platform/sources/named-devices.queries.ts'
import { assertHeld, type Held } from './queue.queries.ts'
import { findChosenSource, findSourceOfFile, noteChosenSource, sourceOfFiles } from './source.queries.ts'

interface FilePlace {
  held: Held
  position: number
  fileId: string
}

/** In one transaction; a second time it finds what it chose the first time, and notes nothing twice. */
export async function settleSource(
  tx: Write,
  { held, position, fileId }: FilePlace,
  parsed: ParsedFile,
  syncIntervalMinutes: number,
): Promise<string> {
  await assertHeld(tx, held)
  const { userId, importId } = held
  const chosen = await findChosenSource(tx, userId, importId, position)
  if (chosen) return chosen
  const { sourceId, notes } = await choose(tx, userId, fileId, parsed, syncIntervalMinutes)
  await noteChosenSource(tx, { userId, importId, position }, sourceId, notes)
  return sourceId
}

interface Choice {
  sourceId: string
  notes: { code: string; detail: string }[]
}

async function choose(
  tx: Write,
  userId: string,
  fileId: string,
  parsed: ParsedFile,
  syncIntervalMinutes: number,
): Promise<Choice> {
  const before = await findSourceOfFile(tx, userId, fileId)
  if (before) return { sourceId: before, notes: [] }
  const named = await settleNamedDevice(tx, userId, parsed.source, {
    capabilities: parsed.readings.map(({ metric }) => metric),
    syncIntervalMinutes,
  })
  if (!named) return { sourceId: await sourceOfFiles(tx, userId), notes: [] }
  if (named === 'full') return { sourceId: await sourceOfFiles(tx, userId), notes: [devicesFull] }
  const { sourceId, made } = named
  const detail = `The file names its device, so “${made}” was added to your devices`
  return { sourceId, notes: made ? [{ code: 'device_made', detail }] : [] }
}

const devicesFull = {
  code: 'devices_full',
  detail: `Files have named ${mostNamedDevices.toLocaleString('en')} devices already, so its device was not added and its values are under “Files”`,
}
