/** All files of one import, in order. A file's fault is the file's; only what would stop the next one too stops the import. */
import { SeriesGone, StoreBusy, storeCannotWrite } from '../platform/samples/errors.ts'
import type { Edges } from './edges.ts'
import { failFile } from './finish-file.ts'
import { type FileJob, importFile } from './import-file.ts'
import { assertHeld, finishImport, type Held, LeaseLost, listUnreadFiles } from './queue.queries.ts'

/** A file that has brought down so many workers in a row is not tried again. */
export const mostDeaths = 20

export async function runImport(edges: Edges, held: Held, signal: AbortSignal): Promise<void> {
  const files = await edges.db.asWriter((tx) => listUnreadFiles(tx, held))
  for (const [i, file] of files.entries()) {
    signal.throwIfAborted()
    const job = { held, file, signal }
    if (i === 0 && held.deaths >= mostDeaths) await failFile(edges, job, worn(held.deaths))
    else await importOrFail(edges, job)
  }
  await edges.db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    await finishImport(tx, held)
  })
}

const worn = (deaths: number) => ({
  code: 'reader_died',
  detail: `The program ended ${deaths} times while it read this file, so it is not read again`,
})

async function importOrFail(edges: Edges, job: FileJob): Promise<void> {
  try {
    await importFile(edges, job)
  } catch (error) {
    if (job.signal.aborted || error instanceof LeaseLost || isPassingFault(error)) throw error
    edges.log.error({ err: error, import: job.held.importId, file: job.file.file_id }, 'a file could not be imported')
    await failFile(edges, job, refusalOf(error))
  }
}

/** Not the file's fault, and likely gone in a moment: database away, disk full, too busy, a lock that took too long. */
function isPassingFault(error: unknown): boolean {
  if (error instanceof StoreBusy || storeCannotWrite(error)) return true
  return ['55P03', '57014'].includes(sqlState(error)) // lock_not_available, query_canceled
}

const sqlState = (error: unknown): string => (error as { code?: string }).code ?? ''

function refusalOf(error: unknown) {
  return error instanceof SeriesGone || sqlState(error) === '23503' // foreign_key_violation
    ? {
        code: 'source_gone',
        detail: 'Its device or its data was removed while the file was being read; import it again',
      }
    : { code: 'internal', detail: 'Something went wrong on our side; the log says what' }
}
