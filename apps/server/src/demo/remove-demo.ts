import type { Database } from '../platform/db/database.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { deleteDemoRow, findLeftSeries } from './demos.queries.ts'

export interface RemovalEdges {
  db: Database
  store: Pick<SampleStore, 'erase'>
}

/**
 * The rest of a removal: the stored points of series that nobody can see any more, then the row that remembers them. Not in the transaction
 * that takes the sources away: erasing waits for whoever is about to write, and they wait for that transaction. Safe to run again.
 */
export async function finishRemoval({ db, store }: RemovalEdges, userId: string): Promise<void> {
  const seriesIds = await db.read({ userId }, (tx) => findLeftSeries(tx, userId))
  if (!seriesIds) return
  await store.erase(userId, seriesIds)
  await db.write({ userId }, (tx) => deleteDemoRow(tx, userId))
}
