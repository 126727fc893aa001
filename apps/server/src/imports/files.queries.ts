import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface FilePart {
  userId: string
  fileId: string
  part: number
  data: Buffer
}

export async function insertPart(tx: Write, { userId, fileId, part, data }: FilePart): Promise<void> {
  await sql`
    insert into file_parts (user_id, file_id, part, data)
    values (${userId}, ${fileId}, ${part}, ${data})`.execute(tx)
}

/** Makes the file known, unless the person has one with the same content: answers the id under which it is kept. */
export async function claimFile(
  tx: Write,
  file: { userId: string; fileId: string; hash: Buffer; bytes: number },
): Promise<string> {
  const { userId, fileId, hash, bytes } = file
  const { rows } = await sql<{ file_id: string }>`
    with made as (
      insert into files (user_id, file_id, content_hash, bytes)
      values (${userId}, ${fileId}, ${hash}, ${bytes})
      on conflict (user_id, content_hash) do nothing
      returning file_id
    )
    select file_id from made`.execute(tx)
  return rows[0]?.file_id ?? (await findFileByHash(tx, userId, hash))
}

/** A statement of its own: one that waited for another's insert sees the row only with a new snapshot. */
async function findFileByHash(tx: Read, userId: string, hash: Buffer): Promise<string> {
  const { rows } = await sql<{ file_id: string }>`
    select file_id from files
    where user_id = ${userId} and content_hash = ${hash}`.execute(tx)
  const [found] = rows
  if (!found) throw new Error('broken assumption: a file that could not be inserted is there')
  return found.file_id
}

export async function countPartBytes(tx: Read, userId: string, fileId: string): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(length(data)), 0)::int8 as bytes from file_parts
    where user_id = ${userId} and file_id = ${fileId}`.execute(tx)
  return rows[0]?.bytes ?? 0
}

/** The parts of files that no row in `files` names. */
export async function deleteUnclaimedParts(tx: Write, userId: string, fileIds: readonly string[]): Promise<void> {
  await sql`
    delete from file_parts p
    where p.user_id = ${userId} and p.file_id = any(${[...fileIds]}::uuid[])
      and not exists (select from files f where f.user_id = p.user_id and f.file_id = p.file_id)`.execute(tx)
}

/** The same for everybody's uploads that began before `before`; answers how many parts went. */
export async function sweepUnclaimedParts(tx: Write, before: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from file_parts p
    where p.file_id < ${before}
      and not exists (select from files f where f.user_id = p.user_id and f.file_id = p.file_id)`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

export async function readPart(tx: Read, userId: string, fileId: string, part: number): Promise<Buffer | null> {
  const { rows } = await sql<{ data: Buffer }>`
    select data from file_parts
    where user_id = ${userId} and file_id = ${fileId} and part = ${part}`.execute(tx)
  return rows[0]?.data ?? null
}
