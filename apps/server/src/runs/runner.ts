/**
 * Takes up the runs that are pending: at once when one is asked for, and every second for those another process or a killed one left
 * behind. A run's states: pending → running → completed, partial or failed. A worker that lives renews its lease; the run of one that
 * died is closed as failed when the lease is over.
 *
 * A device that hangs from no connection has nothing to be fetched from: its run ends `failed` with `not_connected`.
 */
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import { type LeasedWorkOptions, startLeasedWorkers } from '../platform/leased-work.ts'
import type { Log } from '../platform/log.ts'
import { claimRun, failDeadRuns, type HeldRun, handBackRun, renewRun } from './connection-runs.queries.ts'
import { type FetchEdges, fetchConnection } from './fetch-connection.ts'
import { failRun, takePendingRuns } from './runs.queries.ts'

export interface Runner {
  /** Something is pending. */
  wake(): void
  stop(): Promise<void>
}

export interface RunnerEdges extends FetchEdges {
  db: Database
  clock: Clock
  log: Log
}

/** Runs under way in one process: they mostly wait for the provider. */
const atOnce = 3
const together = 100
const notConnected = 'The device has no connection that data could be fetched from'
const interrupted = 'The program was interrupted while it synced; the next sync goes on from there'

export function startRunner(edges: RunnerEdges, options: LeasedWorkOptions = {}): Runner {
  const { db, clock, log, telemetry } = edges
  /** Workers of this process: one that is late to renew its lease, on a machine that is kept busy, did not die. */
  const alive = new Set<string>()
  return startLeasedWorkers<HeldRun>(
    atOnce,
    {
      what: 'a sync',
      async claim(worker, leaseMs) {
        const { lost, run } = await db.asWriter(async (tx) => {
          const idle = await takePendingRuns(tx, together)
          for (const run of idle) await failRun(tx, run, new Date(clock.now()), 'not_connected', notConnected)
          const dead = await failDeadRuns(tx, [...alive], 'interrupted', interrupted)
          return { lost: [...idle, ...dead], run: await claimRun(tx, worker, leaseMs) }
        })
        for (const ended of lost) telemetry.synced({ ...ended, status: 'failed' })
        return run
      },
      renew: (run, leaseMs) => db.asWriter((tx) => renewRun(tx, run, leaseMs)),
      handBack: (run, pauseMs) => db.asWriter((tx) => handBackRun(tx, run, pauseMs)),
      work: async (run, signal) => {
        alive.add(run.worker)
        try {
          await fetchConnection(edges, run, signal)
        } finally {
          alive.delete(run.worker)
        }
      },
    },
    log,
    options,
  )
}
