/** Bytes through a reader, as an import does it. */
import { readdirSync } from 'node:fs'
import type { Measured, SeriesReading, SessionReading } from '@tributary/protocol'
import type {
  ArchiveEntry,
  ArchiveReader,
  Ending,
  FileInput,
  FileReader,
  Piece,
  Pieces,
  ReadOptions,
} from '../piece.ts'
import { openZip } from '../zip/open-zip.ts'
import { fromBytes } from '../zip/spool.ts'
import { fixture } from './fixture.ts'
import { zipOf } from './zip.ts'

/** The now of readings, unless a test has its own. */
export const readingNow = Date.UTC(2026, 10, 20, 12)

/** All that a reader handed over. */
export interface Read {
  pieces: Piece[]
  ending: Ending
  readings: Measured[]
  sessions: SessionReading[]
  rows: Exclude<Measured, SeriesReading>[]
}

export async function readAll(reading: Pieces): Promise<Read> {
  const pieces: Piece[] = []
  for (;;) {
    const { done, value } = await reading.next()
    if (!done) {
      pieces.push(value)
      continue
    }
    const readings = pieces.flatMap((piece) => piece.readings)
    const sessions = pieces.flatMap((piece) => piece.sessions)
    return { pieces, ending: value, readings, sessions, rows: readings.filter((one) => one.kind !== 'series') }
  }
}

export interface InputOptions extends Partial<ReadOptions> {
  name?: string
  /** Length of the chunks in which it comes. */
  chunk?: number
}

/** A file in memory. */
export function inputOf(bytes: Uint8Array | string, options: InputOptions = {}): FileInput {
  const { name = 'file', chunk = 65_536, now = readingNow, timeZone = 'Europe/Warsaw' } = options
  return { name, now, timeZone, ...fromBytes(Buffer.from(bytes)), chunks: () => entryOf(name, bytes, chunk).chunks() }
}

export function readFile(reader: FileReader, bytes: Uint8Array | string, options?: InputOptions): Promise<Read> {
  return readAll(reader.read(inputOf(bytes, options)))
}

/** Files packed, opened and read as an upload would be. */
export async function readArchive(
  reader: ArchiveReader,
  files: Record<string, string | Uint8Array>,
  options?: InputOptions,
): Promise<Read> {
  return readEntries(reader, await openZip(fromBytes(zipOf(files))), options)
}

export function readEntries(
  reader: ArchiveReader,
  entries: readonly ArchiveEntry[],
  { name = 'export.zip', now = readingNow, timeZone = 'Europe/Warsaw' }: InputOptions = {},
): Promise<Read> {
  return readAll(reader.read({ name, now, timeZone, entries }))
}

/** A folder of fixtures as the entries of an archive. */
export function entriesOf(folder: string): ArchiveEntry[] {
  const root = new URL(`../../fixtures/${folder}`, import.meta.url)
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => {
      const path = `${file.parentPath}/${file.name}`
      const inside = path.slice(path.indexOf(folder) + folder.length).replace(/^\/+/, '')
      return entryOf(`apple_health_export/${inside}`, fixture(`${folder}/${inside}`))
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

export function entryOf(path: string, bytes: Uint8Array | string, chunk = 65_536): ArchiveEntry {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  return {
    path,
    size: all.length,
    async *chunks() {
      for (let at = 0; at < all.length; at += chunk) yield all.subarray(at, at + chunk)
    },
  }
}
