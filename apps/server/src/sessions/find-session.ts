import type { Read } from '../platform/db/database.ts'
import { Problem } from '../platform/problem.ts'
import { findSessionRow, type SessionRow } from './sessions.queries.ts'

/** Somebody else's session is not there either. */
export async function mustFindSession(tx: Read, userId: string, sessionId: string): Promise<SessionRow> {
  const row = await findSessionRow(tx, userId, sessionId)
  if (!row) throw new Problem('not_found')
  return row
}
