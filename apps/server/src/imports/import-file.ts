/**
 * One file's journey: its bytes are parsed in a thread, its source is settled, its samples go through the one door in steps,
 * and its sessions and result are written in one last transaction. Killed at any line and begun again, it ends the same:
 *  - parsing has no effects;
 *  - the source, once chosen, stands in the file's row;
 *  - each step of samples brings its own row, so a second writer knows that it is stored and what it counted;
 *  - the last transaction holds the import's row, and with the result in it nobody begins the file again.
 */
import type { Edges } from './edges.ts'
import { failFile, finishFile } from './finish-file.ts'
import type { Held, QueuedFile } from './queue.queries.ts'
import { readFile } from './read-file.ts'
import { settleSource } from './settle-source.ts'
import { storeReadings } from './store-readings.ts'

export interface FileJob {
  held: Held
  file: QueuedFile
  signal: AbortSignal
}

export async function importFile(edges: Edges, job: FileJob): Promise<void> {
  const { db, reached } = edges
  const { held, signal } = job
  const { position, file_id: fileId } = job.file
  await reached('claimed')
  const outcome = await readFile(edges, job)
  await reached('parsed')
  if ('refused' in outcome) return failFile(edges, job, outcome.refused)
  const { parsed } = outcome
  const sourceId = await db.asWriter((tx) =>
    settleSource(tx, { held, position, fileId }, parsed, edges.syncIntervalMinutes),
  )
  await storeReadings(edges, { held, position, sourceId }, parsed.readings, signal)
  await reached('stored')
  signal.throwIfAborted()
  await finishFile(edges, job, parsed, sourceId)
  await reached('finished')
}
