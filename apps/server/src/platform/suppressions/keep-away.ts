/**
 * Deletes what some suppressions cover and keeps it away. This process knows of them before it deletes, others within a second of the
 * commit; what they let in until then is deleted once more (`delete-again.ts`).
 */
import type { Write } from '../db/database.ts'
import { forgetSessions } from '../sessions/forget.ts'
import { findRecordsIn, lockSessions } from '../sessions/records.queries.ts'
import type { SuppressionBook } from './book.ts'
import type { Suppression } from './suppression.ts'
import { deleteAgainSoon, insertSuppression, lockSources } from './suppressions.queries.ts'

/** The stage that stores readings knows how to delete them. */
export interface Deleting {
  suppressions: SuppressionBook
  deleteReadings(
    tx: Write,
    unwanted: { userId: string; sourceId: string; types: readonly string[] | undefined; from: number; to: number },
  ): Promise<number>
}

/** `write` opens the transaction; should it fail, nothing is kept away. */
export async function keepAway<T>(
  { suppressions: book, deleteReadings }: Deleting,
  wanted: readonly (Suppression & { title: string })[],
  write: (work: (tx: Write) => Promise<T>) => Promise<T>,
  answer: (tx: Write, deleted: number) => Promise<T> | T,
): Promise<T> {
  try {
    return await write(async (tx) => {
      let deleted = 0
      for (const { title, ...suppression } of wanted) await insertSuppression(tx, suppression, title)
      for (const suppression of wanted) {
        book.learn(suppression)
        deleted += await deleteCovered(tx, deleteReadings, suppression)
      }
      const answered = await answer(tx, deleted)
      for (const { userId, id } of wanted) await deleteAgainSoon(tx, userId, [id])
      return answered
    })
  } catch (error) {
    // Rolled back, or committed with its answer lost: then it is learnt again like one of another process.
    for (const suppression of wanted) book.doubt(suppression)
    throw error
  }
}

/**
 * How many values, stages, events and sessions there were. Deleting `again` is for what others let in: what the person has entered
 * by hand since then stays.
 */
export async function deleteCovered(
  tx: Write,
  deleteReadings: Deleting['deleteReadings'],
  { userId, sourceId, metric, from, to }: Suppression,
  { again = false } = {},
): Promise<number> {
  const sources = (await lockSources(tx, userId, sourceId))
    .filter(({ kind }) => !(again && kind === 'manual'))
    .map(({ source_id }) => source_id)
  const types = metric === null ? undefined : [metric]
  let deleted = 0
  for (const source of sources) deleted += await deleteReadings(tx, { userId, sourceId: source, types, from, to })
  if (metric !== null && metric !== 'sleep') return deleted
  await lockSessions(tx, userId)
  const sessions = await findRecordsIn(tx, userId, { sources, type: metric, from, to })
  return deleted + (await forgetSessions(tx, userId, sessions)).length
}
