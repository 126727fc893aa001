/** The end of a source whose values are gone: what others tell of the same sessions is shown instead. */
import type { Write } from '../db/database.ts'
import { forgetPlansOf } from '../sessions/keep-plans.ts'
import { lockSessions, spansOfSource } from '../sessions/records.queries.ts'
import { settleSessions } from '../sessions/settle.ts'
import { deleteSource } from './forget-source.queries.ts'

/** The caller holds the source, and nothing has been begun for it since its series were erased. */
export async function forgetSource(tx: Write, userId: string, sourceId: string): Promise<void> {
  await lockSessions(tx, userId) // after the source, as everybody does
  const spans = await spansOfSource(tx, userId, sourceId)
  await forgetPlansOf(tx, { userId, sourceId })
  await deleteSource(tx, userId, sourceId)
  await settleSessions(tx, userId, spans)
}
