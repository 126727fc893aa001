import { sql } from 'kysely'
import type { Read } from '../db/database.ts'

/** The stored bytes of a file, a part at a time; undefined beyond the last. */
export async function readFilePart(
  tx: Read,
  userId: string,
  fileId: string,
  part: number,
): Promise<Buffer | undefined> {
  const { rows } = await sql<{ data: Buffer }>`
    select data from file_parts
    where user_id = ${userId} and file_id = ${fileId} and part = ${part}`.execute(tx)
  return rows[0]?.data
}
