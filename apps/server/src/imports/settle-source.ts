/** Which source a file's samples belong to: the device it names, which is joined or made, else the person's files. */
import type { ParsedFile } from '@tributary/formats'
import type { SourceClaim } from '@tributary/protocol'
import type { Write } from '../platform/db/database.ts'
import { assertHeld, type Held } from './queue.queries.ts'
import {
  type FileDevice,
  findChosenSource,
  findSourceOfFile,
  joinDevice,
  makeDevice,
  mostSources,
  noteChosenSource,
  sourceOfDevice,
  sourceOfFiles,
} from './source.queries.ts'

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
  const named = deviceOf(parsed.source)
  if (!named) return { sourceId: await sourceOfFiles(tx, userId), notes: [] }
  const device = { ...named, capabilities: parsed.readings.map(({ metric }) => metric), syncIntervalMinutes }
  const joined = await joinDevice(tx, userId, device)
  const made = joined ? undefined : await makeDevice(tx, userId, device)
  const settled = joined ?? made ?? (await joinDevice(tx, userId, device))
  if (!settled) return { sourceId: await sourceOfFiles(tx, userId), notes: [devicesFull] }
  const notes = made
    ? [{ code: 'device_made', detail: `The file names its device, so “${made.device_name}” was added to your devices` }]
    : []
  return { sourceId: await sourceOfDevice(tx, userId, settled), notes }
}

const devicesFull = {
  code: 'devices_full',
  detail: `Files have named ${mostSources.toLocaleString('en')} devices already, so its device was not added and its values are under “Files”`,
}

type NamedDevice = Omit<FileDevice, 'capabilities' | 'syncIntervalMinutes'>

/** Only maker and serial together tell one watch from all others of its model. */
export function deviceOf({ manufacturer, model, serial, firmware }: SourceClaim): NamedDevice | undefined {
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
