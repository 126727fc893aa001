/** Deleting sessions: what stands beside each is shown instead, and plans look for another. */
import type { Write } from '../db/database.ts'
import { type ForgottenRow, forgetRecords, lockSessions } from './records.queries.ts'
import { settleSessions } from './settle.ts'

export async function forgetSessions(tx: Write, userId: string, ids: readonly string[]): Promise<ForgottenRow[]> {
  if (!ids.length) return []
  await lockSessions(tx, userId)
  const rows = await forgetRecords(tx, userId, ids)
  const spans = rows.map(({ type, start_at, end_at }) => ({ type, start: start_at.getTime(), end: end_at.getTime() }))
  await settleSessions(tx, userId, spans)
  return rows
}
