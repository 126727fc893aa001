/** An import in the hands of a living worker: the lease is renewed while it works, and given back when it cannot go on. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Edges } from './edges.ts'
import { type Held, handBack, LeaseLost, noteWaiting, renewLease } from './queue.queries.ts'
import { isDiskFull, runImport } from './run-import.ts'

/** Before an import that met a passing fault is tried again. */
const retryMs = 2_000

export async function holdImport(edges: Edges, held: Held, leaseMs: number, stopping: AbortSignal): Promise<void> {
  const { db, log } = edges
  const lost = new AbortController()
  let renewing: Promise<unknown> = Promise.resolve()
  const renewal = setInterval(() => {
    renewing = db
      .asWriter((tx) => renewLease(tx, held, leaseMs))
      .then(
        (ours) => ours || lost.abort(new LeaseLost('another worker has taken the import over')),
        (error) => log.warn({ err: error, import: held.importId }, 'a lease could not be renewed'),
      )
  }, leaseMs / 3)
  try {
    await runImport(edges, held, AbortSignal.any([stopping, lost.signal]))
    log.info({ user: held.userId, operation: 'import', import: held.importId, status: 'finished' })
  } catch (error) {
    if (error instanceof LeaseLost || lost.signal.aborted) return
    if (!stopping.aborted) log.warn({ err: error, import: held.importId }, 'an import waits until it can go on')
    await giveBack(edges, held, stopping.aborted ? 0 : retryMs, isDiskFull(error) ? diskFull : undefined)
  } finally {
    clearInterval(renewal)
    await renewing
  }
}

const diskFull = 'The disk is full; it goes on by itself when there is room'

const attempts = 6

/** What stopped the import may stop this as well, for a moment. If it stays so the lease runs out, which takes longer but ends the same. */
async function giveBack({ db, log }: Edges, held: Held, pauseMs: number, reason: string | undefined): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      return await db.asWriter(async (tx) => {
        if (reason) await noteWaiting(tx, held, reason)
        await handBack(tx, held, pauseMs)
      })
    } catch (error) {
      log.warn({ err: error, import: held.importId, attempt }, 'an import could not be handed back')
      await pause(100 * attempt)
    }
  }
}
