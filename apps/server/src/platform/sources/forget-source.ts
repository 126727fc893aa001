/** The end of a source whose values are gone: what others tell of the same sessions is shown instead. */
import type { Write } from '../db/database.ts'
import { querierOf } from '../db/querier-of.ts'
import type { SampleStore } from '../samples/store.ts'
import { forgetPlansOf } from '../sessions/keep-plans.ts'
import { lockSessions, spansOfSource } from '../sessions/records.queries.ts'
import { settleSessions } from '../sessions/settle.ts'
import { deleteSource } from './forget-source.queries.ts'
import type { HeldDevice } from './hold-device.queries.ts'
import { Unsettled } from './until-settled.ts'

/** The caller holds the source, and nothing has been begun for it since its series were erased. */
export async function forgetSource(tx: Write, userId: string, sourceId: string): Promise<void> {
  await lockSessions(tx, userId) // after the source, as everybody does
  const spans = await spansOfSource(tx, userId, sourceId)
  await forgetPlansOf(tx, { userId, sourceId })
  await deleteSource(tx, userId, sourceId)
  await settleSessions(tx, userId, spans)
}

/**
 * The source of a device that is held, with its values. In the caller's transaction, so that it happens whole or not at all: in one of
 * its own the store would need a connection of its pool, and all of those may be waiting for the source that is held here.
 */
export async function eraseHeld(
  tx: Write,
  store: Pick<SampleStore, 'erase'>,
  userId: string,
  { source, begun }: HeldDevice,
): Promise<void> {
  if (!source) return
  if (begun) throw new Unsettled('a series was begun while the others were held')
  await store.erase(userId, source.seriesIds, querierOf(tx))
  await forgetSource(tx, userId, source.sourceId)
}
