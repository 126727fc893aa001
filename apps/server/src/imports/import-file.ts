/**
 * One file's journey. A recorded activity is parsed whole in a thread; then its source is settled, its samples go through the one
 * door in steps, and its sessions and result are written in one last transaction. What is read piece by piece is stored piece by
 * piece while it is read, and an archive of many files gives its files to the queue. Killed at any line and begun again, it ends
 * the same:
 *  - parsing has no effects, and cuts the same bytes into the same pieces;
 *  - the source, once chosen, stands in the file's row; one of an archive is found by its key;
 *  - each step brings its own row, so a second writer knows that it is stored and what it counted;
 *  - files that were taken out have their rows, and are not taken out again;
 *  - the last transaction holds the import's row, and with the result in it nobody begins the file again.
 * The files of one import are parsed side by side, and stored in their order.
 */

import type { CsvMap, ParsedFile } from '@tributary/formats'
import type { Edges } from './edges.ts'
import {
  type FailedFile,
  failFile,
  failFiles,
  finishActivities,
  finishPieces,
  finishTakenOut,
  waitForMapping,
} from './finish-file.ts'
import { followDeletions } from './follow-deletions.ts'
import type { Held, QueuedFile } from './queue.queries.ts'
import { type Read, readFile } from './read-file.ts'
import { storeActivities } from './store-activities.ts'

export interface FileJob {
  held: Held
  file: QueuedFile
  signal: AbortSignal
  /** The person's own. */
  timeZone: string
  /** How the person said that tables are read. */
  mappings: readonly CsvMap[]
  /** Resolves when everything of the files before is stored. */
  turn: Promise<void>
}

export interface Activity {
  job: FileJob
  parsed: ParsedFile
}

export async function beginFile(edges: Edges, job: FileJob): Promise<Read> {
  await edges.reached('claimed')
  const read = await readFile(edges, job)
  await edges.reached('parsed')
  return read
}

/** What is left to do with a file that was read, once it is its turn. */
export async function endFile(edges: Edges, job: FileJob, { outcome, pieces }: Read): Promise<void> {
  job.signal.throwIfAborted()
  if ('parsed' in outcome) return importActivities(edges, [{ job, parsed: outcome.parsed }])
  if ('refused' in outcome) await failFile(edges, job, outcome.refused, pieces)
  else if ('waiting' in outcome) await waitForMapping(edges, job, outcome.waiting.columns)
  else if ('ending' in outcome) {
    await followDeletions(edges, job, outcome.ending, pieces)
    await finishPieces(edges, job, outcome, pieces)
  } else await finishTakenOut(edges, job, outcome.taken)
  await edges.reached('finished')
}

/** Several that stand one after the other, in as many transactions as one. */
export async function importActivities(edges: Edges, activities: readonly Activity[]): Promise<void> {
  const stored = await storeActivities(edges, activities)
  await edges.reached('stored')
  for (const { job } of activities) job.signal.throwIfAborted()
  await finishActivities(edges, stored)
  await edges.reached('finished')
}

export async function refuseFiles(edges: Edges, files: readonly FailedFile[]): Promise<void> {
  for (const { job } of files) job.signal.throwIfAborted()
  await failFiles(edges, files)
  await edges.reached('finished')
}
