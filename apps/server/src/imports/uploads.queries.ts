import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface UploadRow {
  user_id: string
  upload_id: string
  name: string
  bytes: number
  received: number
  import_id: string | null
  created_at: Date
}

export async function insertUpload(
  tx: Write,
  { userId, uploadId, name, bytes }: { userId: string; uploadId: string; name: string; bytes: number },
): Promise<void> {
  await sql`
    insert into uploads (user_id, upload_id, name, bytes)
    values (${userId}, ${uploadId}, ${name}, ${bytes})`.execute(tx)
}

export async function findUpload(tx: Read, userId: string, uploadId: string): Promise<UploadRow | undefined> {
  const { rows } = await sql<UploadRow>`
    select user_id, upload_id, name, bytes, received, import_id, created_at from uploads
    where user_id = ${userId} and upload_id = ${uploadId}`.execute(tx)
  return rows[0]
}

/** The same, held until the end of the transaction: of two that finish one upload, one makes the import. */
export async function lockUpload(tx: Write, userId: string, uploadId: string): Promise<UploadRow | undefined> {
  const { rows } = await sql<UploadRow>`
    select user_id, upload_id, name, bytes, received, import_id, created_at from uploads
    where user_id = ${userId} and upload_id = ${uploadId}
    for update`.execute(tx)
  return rows[0]
}

/** False when the upload is not where the sender believes it to be: another request or process has written to it. */
export async function moveUpload(
  tx: Write,
  { userId, uploadId, from, to }: { userId: string; uploadId: string; from: number; to: number },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update uploads set received = ${to}
    where user_id = ${userId} and upload_id = ${uploadId} and received = ${from} and import_id is null`.execute(tx)
  return numAffectedRows === 1n
}

/** One after the other from part `first` on; the first may have been there in part. */
export async function putParts(
  tx: Write,
  { userId, fileId, first, parts }: { userId: string; fileId: string; first: number; parts: readonly Buffer[] },
): Promise<void> {
  for (const [i, data] of parts.entries())
    await sql`
      insert into file_parts (user_id, file_id, part, data)
      values (${userId}, ${fileId}, ${first + i}, ${data})
      on conflict (user_id, file_id, part) do update set data = excluded.data`.execute(tx)
}

export async function noteImportOfUpload(tx: Write, userId: string, uploadId: string, importId: string): Promise<void> {
  await sql`
    update uploads set import_id = ${importId}
    where user_id = ${userId} and upload_id = ${uploadId}`.execute(tx)
}

/** An upload that became an import is only forgotten; the parts of another go with it. */
export async function deleteUpload(tx: Write, userId: string, uploadId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from uploads
    where user_id = ${userId} and upload_id = ${uploadId}`.execute(tx)
  return numAffectedRows === 1n
}

/** Of everybody. Their parts go with the other parts that never became a file. */
export async function sweepUploads(tx: Write, before: string): Promise<void> {
  await sql`delete from uploads where upload_id < ${before}`.execute(tx)
}
