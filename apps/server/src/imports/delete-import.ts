import { routes } from '@tributary/protocol'
import type { DeleteReadings } from '../ingest/delete-readings.ts'
import type { Write } from '../platform/db/database.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { forgetSessions } from '../platform/sessions/forget.ts'
import { stretchesOutside } from './stretches.ts'
import {
  cancelImport,
  type Fed,
  forgetFed,
  listFedSources,
  listOwnSessions,
  listTypesOf,
  markCancelled,
} from './take-back.queries.ts'

/** Cancelled first and by itself: what is being stored is waited for, and must not wait for what is then removed. */
export const deleteImport = handle(routes.deleteImport, async (call, { db, deleteReadings }) => {
  const { userId } = call.caller
  const { import_id: importId } = call.params
  await call.repeatIfKept()
  const status = await db.write({ userId }, (tx) => cancelImport(tx, userId, importId))
  if (!status) throw new Problem('not_found')
  return call.write(async (tx) => {
    if (call.query.data === 'keep') return { status, removed: { samples: 0, sessions: 0 } }
    const removed = await takeBack(tx, userId, importId, deleteReadings)
    await markCancelled(tx, userId, importId)
    return { status: 'cancelled' as const, removed }
  })
})

async function takeBack(tx: Write, userId: string, importId: string, deleteReadings: DeleteReadings) {
  const sessions = await forgetSessions(tx, userId, await listOwnSessions(tx, userId, importId))
  const fed = Map.groupBy(await listFedSources(tx, userId, importId), (row) => row.source_id)
  let samples = 0
  for (const [sourceId, rows] of fed) {
    const types = await listTypesOf(tx, userId, sourceId)
    const spans = (isOwn: boolean) => rows.filter((row) => row.is_own === isOwn).map(spanOfRow)
    for (const { from, to } of stretchesOutside(spans(true), spans(false)))
      samples += await deleteReadings(tx, { userId, sourceId, types, from, to })
  }
  await forgetFed(tx, userId, importId)
  return { samples, sessions: sessions.length }
}

const spanOfRow = ({ from_at, to_at }: Fed) => ({ from: from_at.getTime(), to: to_at.getTime() })
