import { readdirSync, readFileSync } from 'node:fs'
import type { Measured, SeriesReading, SessionReading } from '@tributary/protocol'
import type { ArchiveEntry, Ending, FileInput, Piece, Pieces } from '../piece.ts'

/** All that a reader handed over. */
export interface Read {
  pieces: Piece[]
  ending: Ending
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
    return {
      pieces,
      ending: value,
      sessions: pieces.flatMap((piece) => piece.sessions),
      rows: readings.filter((reading) => reading.kind !== 'series'),
    }
  }
}

/** Bytes as a file that comes in chunks of `chunkLength`. */
export function fileOf(bytes: Uint8Array | string, now: number, chunkLength = 65_536): FileInput {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  return {
    name: 'export.xml',
    size: all.length,
    now,
    timeZone: 'UTC',
    async *chunks() {
      for (let at = 0; at < all.length; at += chunkLength) yield all.subarray(at, at + chunkLength)
    },
    readAt: async (offset, length) => all.subarray(offset, offset + length),
  }
}

/** A folder of fixtures as the entries of an archive. */
export function entriesOf(folder: string): ArchiveEntry[] {
  const root = new URL(`../../fixtures/${folder}`, import.meta.url)
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => {
      const path = `${file.parentPath}/${file.name}`
      const inside = path.slice(path.indexOf(folder) + folder.length).replace(/^\/+/, '')
      return entryOf(`apple_health_export/${inside}`, readFileSync(path))
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

export function entryOf(path: string, bytes: Uint8Array | string): ArchiveEntry {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  return {
    path,
    size: all.length,
    async *chunks() {
      yield all
    },
  }
}

/** Every point of a metric and source as [time, value], over all pieces. */
export function pointsOf({ pieces }: Read, metric: string, key: string): [t: number, value: number][] {
  return pieces
    .filter((piece) => piece.source.key === key)
    .flatMap((piece) => piece.readings)
    .flatMap((reading) =>
      reading.kind === 'series' && reading.metric === metric
        ? Array.from(reading.t, (t, i): [number, number] => [t, reading.v[i] as number])
        : [],
    )
}
