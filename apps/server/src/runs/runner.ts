/**
 * Takes up the runs that are pending: at once when one is asked for, and every few seconds for those another process or a
 * killed one left behind. A run's states: pending → (running →) completed, partial, failed or cancelled.
 *
 * No provider can be reached yet, so every run ends `failed` with `not_connected`, in the transaction that took it up.
 */
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Log } from '../platform/log.ts'
import { failRun, takePendingRuns } from './runs.queries.ts'

export interface Runner {
  /** Something is pending. */
  wake(): void
  stop(): Promise<void>
}

const everyMs = 5_000
const together = 100

export function startRunner({ db, clock, log }: { db: Database; clock: Clock; log: Log }): Runner {
  let working: Promise<void> | undefined
  let again = false

  async function work(): Promise<void> {
    do {
      again = false
      const taken = await db.asWriter(async (tx) => {
        const runs = await takePendingRuns(tx, together)
        const now = new Date(clock.now())
        for (const run of runs)
          await failRun(tx, run, now, 'not_connected', 'The device has no connection that data could be fetched from')
        return runs.length
      })
      again ||= taken === together
    } while (again)
  }

  function wake(): void {
    again = true
    working ??= work()
      .catch((error: unknown) =>
        log.warn({ err: error }, 'pending syncs could not be taken up; tried again in a moment'),
      )
      .finally(() => {
        working = undefined
      })
  }

  const timer = setInterval(wake, everyMs).unref()
  return {
    wake,
    async stop() {
      clearInterval(timer)
      await working
    },
  }
}
