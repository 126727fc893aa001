import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { createTally } from './tally.ts'
import { labelOf } from './telemetry.ts'
import { countWork, type Work } from './work.queries.ts'
import type { Family } from './write-text.ts'

/** However often somebody asks, the database is counted once in so long. */
const keptMs = 10_000

export interface WorkFamilies {
  /** Without the counts while the database does not answer. */
  read(): Promise<Family[]>
}

export function createWorkFamilies(db: Pick<Database, 'ping' | 'asWriter'>, clock: Clock): WorkFamilies {
  let last: { at: number; families: Promise<Family[]> } | undefined
  return {
    read() {
      const now = clock.now()
      if (!last || now - last.at >= keptMs || now < last.at) {
        const families = count(db)
        const made = { at: now, families }
        last = made
        families.catch(() => {
          if (last === made) last = undefined
        })
      }
      return last.families
    },
  }
}

async function count(db: Pick<Database, 'ping' | 'asWriter'>): Promise<Family[]> {
  const alive = await db.ping()
  const up = gauge('database_up', 'Whether the database answers', [{ value: Number(alive) }])
  return alive ? [up, ...familiesOf(await db.asWriter(countWork))] : [up]
}

function familiesOf({ connections, notices, runs, imports, quarantine, bytes }: Work): Family[] {
  const byProvider = (rows: readonly { provider: string | null; n: number }[]) => {
    const tally = createTally(['provider'])
    for (const { provider, n } of rows) tally.add([labelOf(provider)], n)
    return tally.samples()
  }
  const states = createTally(['provider', 'state'])
  for (const { provider, state, n } of connections) states.add([labelOf(provider), state], n)
  return [
    gauge('connections', 'Connections of everybody, by what state they are in', states.samples()),
    gauge('notices_waiting', 'What providers posted and nobody has dealt with yet', byProvider(notices)),
    gauge('sync_runs_waiting', 'Sync runs asked for and not begun', byProvider(runs)),
    gauge('imports_waiting', 'Imports that are not over', [{ value: imports }]),
    gauge('quarantine_waiting', 'Records in quarantine', [{ value: quarantine }]),
    gauge('database_bytes', 'What the database takes on disk', [{ value: bytes }]),
  ]
}

const gauge = (name: string, help: string, samples: Family['samples']): Family => ({
  name,
  type: 'gauge',
  help,
  samples,
})
