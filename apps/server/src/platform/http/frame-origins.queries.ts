import { sql } from 'kysely'
import type { Read } from '../db/database.ts'

/** Who may frame the connect page of a session that is still good. */
export async function findFrameOrigins(lookup: Read, sessionId: string): Promise<string[]> {
  const { rows } = await sql<{ origins: string[] | null }>`select find_frame_origins(${sessionId}) as origins`.execute(
    lookup,
  )
  return rows[0]?.origins ?? []
}
