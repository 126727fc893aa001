/**
 * All files of one import. Several are parsed at the same time, and all are stored in their order. A file's fault is the file's;
 * only what would stop the next one too stops the import.
 */
import type { CsvMap } from '@tributary/formats'
import { Problem } from '../platform/problem.ts'
import { SeriesGone, StoreBusy, sqlState, storeCannotWrite } from '../platform/samples/errors.ts'
import { findTimeZone } from '../platform/sessions/records.queries.ts'
import { withSmallHeap } from '../platform/small-heap.ts'
import { listMappings } from './csv-mappings.queries.ts'
import type { Edges } from './edges.ts'
import { type FailedFile, failFile } from './finish-file.ts'
import { type Activity, beginFile, endFile, type FileJob, importActivities, refuseFiles } from './import-file.ts'
import { assertHeld, finishImport, type Held, LeaseLost, listUnreadFiles } from './queue.queries.ts'
import type { Read } from './read-file.ts'

/** A file that has brought down so many workers in a row is not tried again. */
export const mostDeaths = 20

/** Files looked up at a time; an archive adds more while it is read. */
const pageOfFiles = 200
/** Parsed ahead of the one that is stored: enough that no thread waits, little enough that their values fit in memory. */
const aheadFiles = 12
const aheadBytes = 4_000_000

export const runImport = (edges: Edges, held: Held, signal: AbortSignal): Promise<void> =>
  withSmallHeap(() => runFilesOf(edges, held, signal))

async function runFilesOf(edges: Edges, held: Held, signal: AbortSignal): Promise<void> {
  const { db } = edges
  const timeZone = await db.asWriter((tx) => findTimeZone(tx, held.userId))
  for (let isFirst = true; ; isFirst = false) {
    const mappings = (await db.asWriter((tx) => listMappings(tx, held.userId))).map(({ mapping }) => mapping as CsvMap)
    const files = await db.asWriter((tx) => listUnreadFiles(tx, held, pageOfFiles))
    if (!files.length) {
      if (await endImport(edges, held, signal)) return
      continue
    }
    const stop = new AbortController()
    const shared = { held, signal: AbortSignal.any([signal, stop.signal]), timeZone, mappings }
    const jobs = files.map((file): FileJob => ({ ...shared, file, turn: Promise.resolve() }))
    try {
      const worn = isFirst && held.deaths >= mostDeaths ? jobs.shift() : undefined
      if (worn) await failFile(edges, worn, wornOut(held.deaths))
      // After a death each file goes alone, so that it is known which one it was.
      await runFiles(edges, jobs, held.deaths > 0 ? 1 : aheadFiles)
    } finally {
      stop.abort(new Error('the files before could not be ended'))
    }
  }
}

/** False when a table was woken in this moment, because somebody named its columns. */
async function endImport({ db }: Edges, held: Held, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted()
  return db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    if ((await listUnreadFiles(tx, held, 1)).length) return false
    await finishImport(tx, held)
    return true
  })
}

interface Ahead {
  job: FileJob
  read: Promise<Read>
  /** Set once it is read. */
  settled?: Read
  itsTurn(): void
}

async function runFiles(edges: Edges, jobs: readonly FileJob[], most: number): Promise<void> {
  const ahead: Ahead[] = []
  let next = 0
  const admit = () => {
    for (;;) {
      const job = jobs[next]
      const bytes = ahead.reduce((sum, { job }) => sum + job.file.bytes, 0)
      if (!job || ahead.length >= most || (ahead.length > 0 && bytes + job.file.bytes > aheadBytes)) return
      ahead.push(begin(edges, job))
      next++
    }
  }
  for (;;) {
    admit()
    const [first] = ahead
    if (!first) return
    first.job.signal.throwIfAborted()
    first.itsTurn()
    await orFail(edges, first.job, async () => void (await first.read))
    const batch = ready(ahead)
    admit() // threads go on while these are stored
    if (batch.length > 1) await endTogether(edges, batch)
    else if (batch[0]?.settled) await endOne(edges, batch[0])
  }
}

function begin(edges: Edges, job: FileJob): Ahead {
  const { promise, resolve } = Promise.withResolvers<void>()
  const one = { ...job, turn: promise }
  const ahead: Ahead = { job: one, read: beginFile(edges, one), itsTurn: resolve }
  ahead.read.then(
    (read) => (ahead.settled = read),
    () => undefined, // told when it is its turn
  )
  return ahead
}

/** The first, and with it those behind it that are read by now and end the same way: as activities, or refused. */
function ready(ahead: Ahead[]): Ahead[] {
  const wayOf = (one: Ahead | undefined) =>
    ['parsed', 'refused'].find((way) => one?.settled && way in one.settled.outcome)
  const way = wayOf(ahead[0])
  let n = 1
  if (way) while (wayOf(ahead[n]) === way) n++
  return ahead.splice(0, n)
}

const endOne = (edges: Edges, { job, settled }: Ahead) => orFail(edges, job, () => endFile(edges, job, settled as Read))

/** If they cannot be ended together each is tried by itself: the fault is one file's. */
async function endTogether(edges: Edges, batch: readonly Ahead[]): Promise<void> {
  const activities = batch.flatMap(({ job, settled }): Activity[] =>
    settled && 'parsed' in settled.outcome ? [{ job, parsed: settled.outcome.parsed }] : [],
  )
  const refused = batch.flatMap(({ job, settled }): FailedFile[] =>
    settled && 'refused' in settled.outcome ? [{ job, refused: settled.outcome.refused, pieces: settled.pieces }] : [],
  )
  try {
    if (activities.length) await importActivities(edges, activities)
    if (refused.length) await refuseFiles(edges, refused)
  } catch (error) {
    if (stopsImport(error, batch)) throw error
    for (const one of batch) await endOne(edges, one)
  }
}

const stopsImport = (error: unknown, batch: readonly Ahead[]): boolean =>
  batch.some(({ job }) => job.signal.aborted) || error instanceof LeaseLost || isPassingFault(error)

const wornOut = (deaths: number) => ({
  code: 'reader_died',
  detail: `The program ended ${deaths} times while it read this file, so it is not read again`,
})

async function orFail(edges: Edges, job: FileJob, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (job.signal.aborted || error instanceof LeaseLost || isPassingFault(error)) throw error
    edges.log.error({ err: error, import: job.held.importId, file: job.file.file_id }, 'a file could not be imported')
    await failFile(edges, job, refusalOf(error))
  }
}

/** Not the file's fault, and likely gone in a moment: database away, disk full, too busy, a lock that took too long or two that waited for each other. */
function isPassingFault(error: unknown): boolean {
  if (error instanceof StoreBusy || storeCannotWrite(error) || isDiskFull(error)) return true
  return ['55P03', '57014', '40P01'].includes(sqlState(error) ?? '') // lock_not_available, query_canceled, deadlock_detected
}

/** Refused before PostgreSQL had to, or by it. */
export const isDiskFull = (error: unknown): boolean =>
  (error instanceof Problem && error.code === 'storage_full') ||
  sqlState(error) === '53100' ||
  sqlState((error as { cause?: unknown })?.cause ?? {}) === '53100'

function refusalOf(error: unknown) {
  return error instanceof SeriesGone || sqlState(error) === '23503' // foreign_key_violation
    ? {
        code: 'source_gone',
        detail: 'Its device or its data was removed while the file was being read; import it again',
      }
    : { code: 'internal', detail: 'Something went wrong on our side; the log says what' }
}
