import type { Config } from '../config.ts'
import type { Clock } from '../platform/clock.ts'
import { type LeasedWork, type LeasedWorkOptions, startLeasedWork } from '../platform/leased-work.ts'
import type { Log } from '../platform/log.ts'
import { addForOwner } from './add-for-owner.ts'
import { claimDemo, handBack, renewLease } from './demos.queries.ts'
import { type LoadEdges, loadDemo } from './load-demo.ts'
import { finishRemoval, type RemovalEdges } from './remove-demo.ts'

export interface DemoEdges extends LoadEdges, RemovalEdges {
  config: Pick<Config, 'DEMO'>
  clock: Clock
  log: Log
  /** Told when somebody's year is there. */
  loaded?(userId: string): Promise<void>
}

/** Loads demos in the background, and ends removals that broke off; with DEMO it also adds one for the owner by itself. */
export function openDemo(edges: DemoEdges, options: LeasedWorkOptions = {}): LeasedWork {
  const { db, log, config } = edges
  let isWanted = config.DEMO
  return startLeasedWork(
    {
      what: 'a demo',
      claim: async (lease, leaseMs) => {
        if (isWanted) isWanted = !(await addForOwner(edges))
        return db.asWriter((tx) => claimDemo(tx, lease, leaseMs))
      },
      renew: (held, leaseMs) => db.asWriter((tx) => renewLease(tx, held, leaseMs)),
      handBack: (held, pauseMs) => db.asWriter((tx) => handBack(tx, held, pauseMs)),
      work: async (held, signal) => {
        if (held.status === 'removing') await finishRemoval(edges, held.userId)
        else {
          await loadDemo(edges, held, signal)
          await edges.loaded?.(held.userId)
        }
        log.info({ user: held.userId, operation: 'demo', status: held.status === 'removing' ? 'removed' : 'loaded' })
      },
    },
    log,
    options,
  )
}
