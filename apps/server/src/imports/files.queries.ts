import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'
import { arrayOf } from '../platform/samples/pg-arrays.ts'

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

export interface FileToClaim {
  fileId: string
  hash: Buffer
  bytes: number
}

/** Many at once: under which id each content is kept, by its hash in hex. Of two with the same content the first is kept. */
export async function claimFiles(
  tx: Write,
  userId: string,
  files: readonly FileToClaim[],
): Promise<Map<string, string>> {
  const inOrder = files.toSorted((a, b) => a.hash.compare(b.hash)) // two that claim the same would else wait for each other
  await sql`
    insert into files (user_id, file_id, content_hash, bytes)
    select ${userId}::uuid, f.* from unnest(${inOrder.map((file) => file.fileId)}::uuid[],
      ${arrayOf(
        'bytea',
        inOrder.map((file) => file.hash),
      )}::bytea[], ${inOrder.map((file) => file.bytes)}::int8[]) as f
    on conflict (user_id, content_hash) do nothing`.execute(tx)
  const { rows } = await sql<{ file_id: string; hash: string }>`
    select file_id, encode(content_hash, 'hex') as hash from files
    where user_id = ${userId} and content_hash = any(${arrayOf(
      'bytea',
      inOrder.map((file) => file.hash),
    )}::bytea[])`.execute(tx)
  await deleteUnclaimedParts(
    tx,
    userId,
    files.map((file) => file.fileId),
  )
  return new Map(rows.map((row) => [row.hash, row.file_id]))
}

/** First and only parts of files. */
export async function insertParts(
  tx: Write,
  userId: string,
  parts: readonly { fileId: string; data: Buffer }[],
): Promise<void> {
  if (!parts.length) return
  await sql`
    insert into file_parts (user_id, file_id, part, data)
    select ${userId}::uuid, p.file_id, 0, p.data
    from unnest(${arrayOf(
      'uuid',
      parts.map((part) => part.fileId),
    )}::uuid[],
      ${arrayOf(
        'bytea',
        parts.map((part) => part.data),
      )}::bytea[]) as p (file_id, data)`.execute(tx)
}
