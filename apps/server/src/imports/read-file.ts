/** A stored file's bytes into a parsing thread, what it hands over on the way into the store, and what it says at last. */
import type { Piece } from '@tributary/formats'
import type { Measured } from '@tributary/protocol'
import { cleanReadings } from '../platform/readings/clean-readings.ts'
import { cleanParsed } from './clean-read.ts'
import type { Edges } from './edges.ts'
import { lastName } from './file-name.ts'
import type { FileJob } from './import-file.ts'
import { listTakenEntries } from './imports.queries.ts'
import type { ParseOutcome } from './parse-file.ts'
import { LeaseLost, noteProgress } from './queue.queries.ts'
import { storedBytes } from './stored-file.ts'
import { FileTaker } from './take-files.ts'
import { PieceTaker } from './take-pieces.ts'

/** Most files are read in less, and nobody sees their progress. */
const noteEveryMs = 500

export interface Read {
  outcome: ParseOutcome
  pieces: PieceTaker
}

export async function readFile(edges: Edges, job: FileJob): Promise<Read> {
  const { db, parser, clock, log } = edges
  const { held, file, signal } = job
  const { userId, importId } = held
  const bytes = storedBytes(db, { userId, fileId: file.file_id, bytes: file.bytes })
  const pieces = new PieceTaker(edges, job)
  const files = new FileTaker(edges, job)
  let noted = clock.now()
  const note = async () => {
    if (clock.now() - noted < noteEveryMs) return
    noted = clock.now()
    const far = { bytes: bytes.given(), records: pieces.records }
    const ours = await db.asWriter((tx) => noteProgress(tx, held, file.position, far))
    if (!ours) throw new LeaseLost('the import was cancelled, or another worker has taken it over')
  }
  const readAt = async (offset: number, length: number) => {
    await note()
    return bytes.readAt(offset, length)
  }
  const outcome = await parser.parse(
    { ...toldOf(job), entriesTaken: await takenBefore(edges, job), readAt },
    {
      piece: async (piece, format) => {
        await files.flush() // its sessions may name a file that was kept
        await pieces.take(piece, format)
        await note()
      },
      part: (part) => files.take(part),
    },
    signal,
  )
  await files.flush()
  if ('refused' in outcome && outcome.refused.cause)
    log.error({ err: outcome.refused.cause, import: importId, file: file.file_id }, 'a file could not be parsed')
  return { outcome: 'parsed' in outcome ? { parsed: cleanParsed(outcome.parsed) } : outcome, pieces }
}

const toldOf = ({ file, timeZone, mappings }: FileJob) => ({
  filename: lastName(file.name),
  bytes: file.bytes,
  timeZone,
  depth: file.depth,
  mappings,
})

async function takenBefore({ db }: Edges, { held, file }: FileJob): Promise<number[]> {
  if (!file.hasInnerFiles) return []
  return db.asWriter((tx) => listTakenEntries(tx, held.userId, held.importId, file.position))
}

/** The same pieces once more, to be looked at and not stored. */
export async function readAgain(
  { db, parser }: Edges,
  job: FileJob,
  look: (piece: Piece, readings: readonly Measured[]) => void,
): Promise<void> {
  const { held, file, signal } = job
  const { userId, importId } = held
  const bytes = storedBytes(db, { userId, fileId: file.file_id, bytes: file.bytes })
  const entriesTaken = await db.asWriter((tx) => listTakenEntries(tx, userId, importId, file.position))
  const outcome = await parser.parse(
    { ...toldOf(job), entriesTaken, readAt: bytes.readAt },
    {
      piece: async (piece) => look(piece, cleanReadings(piece.readings).cleaned),
      part: () => Promise.reject(new Error('broken assumption: all files inside were taken out')),
    },
    signal,
  )
  if (!('ending' in outcome)) throw new Error('broken assumption: what was read once to its end can be read again')
}
