import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import {
  clearDirty,
  lockSeries,
  markUnresolved,
  putChunks,
  readChunks,
  takeSegments,
} from '../src/platform/samples/day.queries.ts'
import type { Program } from './program.ts'

const patienceMs = 20_000
const ofCompaction = [lockSeries, markUnresolved, takeSegments, readChunks, putChunks, clearDirty].map(
  ({ text }) => text,
)

/** Kills the program between two statements of a compaction, or within one. False when none came by for so long that it was killed without. */
export async function killInCompaction(program: Program): Promise<boolean> {
  for (const begun = Date.now(); ; await pause(50))
    try {
      return await program.look((client) => killWhenCompacting(program, client))
    } catch (error) {
      if (Date.now() - begun > patienceMs) throw error // the database was ended a moment ago, and comes back
    }
}

async function killWhenCompacting(program: Program, client: pg.Client): Promise<boolean> {
  for (const begun = Date.now(); ; await pause(5)) {
    program.freeze() // what it has begun in the database stays open
    const isCompacting = await hasCompactionOpen(client)
    if (isCompacting || Date.now() - begun > patienceMs) {
      await program.kill()
      return isCompacting
    }
    program.thaw()
  }
}

/** Days are rewritten by deletions as well: nobody deletes anything here. */
async function hasCompactionOpen(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ open: boolean }>(
    `select exists (
       select from pg_stat_activity
       where xact_start is not null and state in ('active', 'idle in transaction') and query = any ($1)) as open`,
    [ofCompaction],
  )
  return rows[0]?.open ?? false
}
