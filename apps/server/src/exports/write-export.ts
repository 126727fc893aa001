/** One export's journey, from a claim to a file that can be fetched. */
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { DiskReserve } from '../platform/disk-reserve.ts'
import { LeaseGone } from '../platform/leased-work.ts'
import type { Log } from '../platform/log.ts'
import { Problem } from '../platform/problem.ts'
import { storeCannotWrite } from '../platform/samples/errors.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import type { Contents } from './contents.ts'
import { openContents } from './contents.ts'
import { failExport, finishExport, type HeldExport, putPart, type Written } from './exports.queries.ts'
import { keepParts } from './part-sink.ts'
import { type ExportTally, newTally } from './tally.ts'
import { valueRows } from './value-rows.ts'
import { writeArchive } from './write-archive.ts'
import { writeParquet } from './write-parquet.ts'
import { writeText } from './write-text.ts'

export interface ExportEdges {
  db: Database
  disk: Pick<DiskReserve, 'assertRoom'>
  store: SampleStore
  clock: Clock
  log: Log
}

const keptDays = 7
/** One that brought down so many workers, or found no room so often, is given up. */
const mostAttempts = 5

export async function writeExport(edges: ExportEdges, held: HeldExport, signal: AbortSignal): Promise<void> {
  const { db, clock, log } = edges
  const expiresAt = new Date(clock.now() + keptDays * 86_400_000)
  try {
    if (held.attempts > mostAttempts) throw new GivenUp(`It was begun ${mostAttempts} times and never came to its end`)
    const { written, hash } = await write(edges, held, signal)
    await db.asWriter((tx) => finishExport(tx, held, written, hash, expiresAt))
  } catch (error) {
    if (error instanceof LeaseGone || signal.aborted || storeCannotWrite(error)) throw error
    const known = error instanceof GivenUp || error instanceof Problem
    if (!known) log.error({ err: error, export: held.exportId }, 'an export could not be written')
    const reason = known ? error.message : 'Something went wrong on our side; the log says what'
    await db.asWriter((tx) => failExport(tx, held, reason, expiresAt))
  }
}

class GivenUp extends Error {
  override name = 'GivenUp'
}

async function write(
  { db, disk, store, clock }: ExportEdges,
  held: HeldExport,
  signal: AbortSignal,
): Promise<{ written: Written; hash: Buffer }> {
  const { userId, from, to, metrics } = held
  const contents = await openContents({ db, store }, { userId, range: { from, to }, wanted: metrics })
  const tally = newTally()
  /** Samples are nearly all of it; the last percents are for what comes behind them. */
  const written = (bytes: number): Written => ({
    ...tally,
    bytes,
    progress: 0.95 * Math.min(1, tally.samples / Math.max(1, contents.estimate)),
  })
  const { bytes, hash } = await keepParts(bytesOf(held, contents, tally, clock.now()), async (part, data, soFar) => {
    signal.throwIfAborted()
    disk.assertRoom()
    await db.asWriter((tx) => putPart(tx, held, part, data, written(soFar)))
  })
  return { written: written(bytes), hash }
}

function bytesOf({ format }: HeldExport, contents: Contents, tally: ExportTally, now: number): AsyncIterable<Buffer> {
  if (format === 'tributary') return writeArchive(contents, tally, now)
  const rows = valueRows(contents)
  return format === 'parquet' ? writeParquet(rows, tally) : writeText(format, rows, tally)
}
