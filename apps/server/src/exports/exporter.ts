import { everyHour } from '../platform/every-hour.ts'
import { type LeasedWork, type LeasedWorkOptions, startLeasedWork } from '../platform/leased-work.ts'
import { claimExport, deleteExpired, handBack, renewLease } from './exports.queries.ts'
import { type ExportEdges, writeExport } from './write-export.ts'

/** Writes exports in the background, one at a time, and removes those whose week is over. */
export function openExporter(edges: ExportEdges, options: LeasedWorkOptions = {}): LeasedWork {
  const { db, log, clock } = edges
  const work = startLeasedWork(
    {
      what: 'an export',
      claim: (lease, leaseMs) => db.asWriter((tx) => claimExport(tx, lease, leaseMs)),
      renew: (held, leaseMs) => db.asWriter((tx) => renewLease(tx, held, leaseMs)),
      handBack: (held, pauseMs) => db.asWriter((tx) => handBack(tx, held, pauseMs)),
      work: async (held, signal) => {
        await writeExport(edges, held, signal)
        log.info({ user: held.userId, operation: 'export', export: held.exportId, status: 'finished' })
      },
    },
    log,
    options,
  )
  const sweep = () => db.asWriter((tx) => deleteExpired(tx, new Date(clock.now())))
  const stopSweeping = everyHour('removing old exports', sweep, log, { atStart: true })
  return {
    wake: work.wake,
    stop: async () => {
      await work.stop()
      await stopSweeping()
    },
  }
}
