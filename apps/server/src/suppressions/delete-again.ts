/** A job of each second: deletes once more what suppressions made three seconds, and a minute, ago cover. */
import type { Database } from '../platform/db/database.ts'
import type { Log } from '../platform/log.ts'
import { type Deleting, deleteCovered } from '../platform/suppressions/keep-away.ts'
import { claimDueDeletions, noteDeletedAgain } from '../platform/suppressions/suppressions.queries.ts'

interface Edges extends Pick<Deleting, 'deleteReadings'> {
  db: Database
  log: Log
}

/** One that fails costs no other, and is tried again a minute later. */
export async function deleteAgain({ db, log, deleteReadings }: Edges): Promise<void> {
  for (const suppression of await db.asWriter(claimDueDeletions)) {
    const { userId, id } = suppression
    try {
      await db.write({ userId }, async (tx) => {
        await deleteCovered(tx, deleteReadings, suppression, { again: true })
        await noteDeletedAgain(tx, suppression)
      })
    } catch (error) {
      log.warn({ err: error, suppression: id }, 'what came in beside a deletion could not be deleted yet')
    }
  }
}
