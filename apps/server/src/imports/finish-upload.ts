import { uuidv7 } from 'uuidv7'
import type { Database } from '../platform/db/database.ts'
import { type AuditEntry, insertAudit } from '../platform/http/audit.queries.ts'
import { claimFile, deleteUnclaimedParts } from './files.queries.ts'
import { insertImport } from './imports.queries.ts'
import type { UploadPlace, UploadStore } from './upload-store.ts'
import { findUpload, lockUpload, noteImportOfUpload } from './uploads.queries.ts'

export type Witness = Pick<AuditEntry, 'actor' | 'address' | 'requestId'>

/**
 * A whole upload becomes a file and an import in one transaction. Asked again it answers the same import; undefined while
 * bytes are missing. Its sender may never have heard the first answer, so looking at the upload asks too.
 */
export async function finishUpload(
  db: Database,
  store: UploadStore,
  place: UploadPlace,
  witness: Witness,
): Promise<{ importId: string; isNew: boolean } | undefined> {
  const { userId, uploadId } = place
  const seen = await db.read({ userId }, (tx) => findUpload(tx, userId, uploadId))
  if (!seen || seen.received < seen.bytes) return undefined
  if (seen.import_id) return { importId: seen.import_id, isNew: false }
  const hash = await store.hashOf(place, seen.bytes)
  const made = await db.write({ userId }, async (tx) => {
    const upload = await lockUpload(tx, userId, uploadId)
    if (!upload) return undefined
    if (upload.import_id) return { importId: upload.import_id, isNew: false }
    const { bytes, name } = upload
    const fileId = await claimFile(tx, { userId, fileId: uploadId, hash, bytes })
    if (fileId !== uploadId) await deleteUnclaimedParts(tx, userId, [uploadId])
    const importId = uuidv7()
    await insertImport(tx, { userId, importId, files: [{ fileId, name, bytes }] })
    await noteImportOfUpload(tx, userId, uploadId, importId)
    await insertAudit(tx, { ...witness, userId, action: 'createImport', target: importId, outcome: 'ok' })
    return { importId, isNew: true }
  })
  store.forget(place)
  return made
}
