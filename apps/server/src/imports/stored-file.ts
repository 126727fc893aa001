/** The bytes of a stored file, read anywhere: all parts but the last are of one size, so a place is a part and a place in it. */
import type { Database } from '../platform/db/database.ts'
import { readFilePart } from '../platform/files/file-parts.queries.ts'
import { partBytes } from './arriving-files.ts'

export interface StoredBytes {
  /** How much was given out, at most what there is: how far a reader has come. */
  given(): number
  readAt(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>
}

export function storedBytes(
  db: Database,
  { userId, fileId, bytes }: { userId: string; fileId: string; bytes: number },
): StoredBytes {
  let given = 0
  /** Neighbours are often asked for one after the other: the end of an archive's list, the head of a file and its rest. */
  let last: { part: number; data: Promise<Buffer> } | undefined
  const partAt = (part: number): Promise<Buffer> => {
    if (last?.part === part) return last.data
    const data = db
      .asWriter((tx) => readFilePart(tx, userId, fileId, part))
      .then((found) => {
        if (!found) throw new Error(`broken assumption: file ${fileId} has ${bytes} bytes, but part ${part} is missing`)
        return found
      })
    last = { part, data }
    return data
  }
  return {
    given: () => Math.min(given, bytes),
    async readAt(offset, length) {
      const end = Math.min(offset + length, bytes)
      const out = new Uint8Array(Math.max(0, end - offset)) // a copy that can be handed over: pg's buffers share memory
      for (let at = offset; at < end; ) {
        const part = Math.floor(at / partBytes)
        const data = await partAt(part)
        const from = at - part * partBytes
        const some = data.subarray(from, from + end - at)
        if (!some.length)
          throw new Error(`broken assumption: part ${part} of file ${fileId} is shorter than it should be`)
        out.set(some, at - offset)
        at += some.length
      }
      given += out.length
      return out
    },
  }
}
