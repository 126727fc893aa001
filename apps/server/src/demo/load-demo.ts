/**
 * Stores the year, a batch a step. Each step's readings go through the one door, then its sessions and its number are written in one
 * transaction. Killed at any line and begun again it ends the same: the person is made anew from the row, step by step the same, steps that
 * are counted are passed over, and what an uncounted one had stored already is found as known.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import { demoSources, demoYear } from '@tributary/emulators/people'
import type { Ingest } from '../ingest/incoming.ts'
import type { Database } from '../platform/db/database.ts'
import type { DiskReserve } from '../platform/disk-reserve.ts'
import { LeaseGone } from '../platform/leased-work.ts'
import { must } from '../platform/must.ts'
import { SeriesGone } from '../platform/samples/errors.ts'
import { keepSessions } from '../platform/sessions/keep-sessions.ts'
import { lossesOf } from '../platform/sessions/sound-sessions.ts'
import { assertHeld, findDemoSources, finishDemo, type HeldDemo, noteStep } from './demos.queries.ts'

export interface LoadEdges {
  db: Database
  disk: Pick<DiskReserve, 'assertRoom'>
  ingest: Ingest
  /** Told before each step is counted; the fault tests end it there. */
  reached?(step: number): void | Promise<void>
}

export async function loadDemo(edges: LoadEdges, held: HeldDemo, signal: AbortSignal): Promise<void> {
  const { db, disk, ingest, reached } = edges
  const { userId } = held
  const sources = await db.read({ userId }, (tx) => findDemoSources(tx, userId))
  let step = 0
  for (const { source, readings, sessions, samples } of demoYear(held)) {
    const number = step++
    await breathe() // others get their turn between two weeks
    signal.throwIfAborted()
    disk.assertRoom() // else it waits until there is
    if (number < held.stepsDone) continue
    const serial = must(
      demoSources.find(({ key }) => key === source),
      'a batch is of a source of the demo',
    ).serial
    const sourceId = sources.get(serial)
    if (!sourceId) throw new LeaseGone('the demo was removed while it was loaded')
    if (readings.length) await ingest({ userId, sourceId, readings }).catch(goneOr)
    await reached?.(number)
    await db.asWriter(async (tx) => {
      await assertHeld(tx, held)
      const origin = { userId, sourceId, fileId: null, importId: null, fileName: null, format: 'demo' }
      const kept = await keepSessions(tx, origin, sessions)
      must(lossesOf(kept).length === 0, 'what the demo tells can be')
      await noteStep(tx, held, { steps: number + 1, samples, sessions: sessions.length })
    })
  }
  await db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    await finishDemo(tx, held)
  })
}

/** Its source is gone: somebody removed the demo at this moment. */
function goneOr(error: unknown): never {
  const isGone = error instanceof SeriesGone || (error as { code?: string }).code === '23503' // foreign_key_violation
  throw isGone ? new LeaseGone('the demo was removed while it was loaded', { cause: error }) : error
}
