/** The bytes of a stored file, read anywhere: all parts but the last are of one size, so a place is a part and a place in it. */

import { clearPassed } from '../platform/clear-passed.ts'
import type { Database } from '../platform/db/database.ts'
import { copyFilePart } from '../platform/files/copy-file-part.queries.ts'
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
  let last: { part: number; data: Promise<Uint8Array<ArrayBuffer>> } | undefined
  const copy = async (part: number) => {
    const found = await copyFilePart(db, userId, fileId, part)
    if (!found) throw new Error(`broken assumption: file ${fileId} has ${bytes} bytes, but part ${part} is missing`)
    return found
  }
  const partAt = (part: number) => {
    if (last?.part !== part) last = { part, data: copy(part) }
    return last.data
  }
  /** Bytes out of one part or several, in a buffer of their own. */
  async function gather(offset: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const out = new Uint8Array(Math.max(0, end - offset))
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
    return out
  }
  return {
    given: () => Math.min(given, bytes),
    async readAt(offset, length) {
      const end = Math.min(offset + length, bytes)
      const isPart = offset % partBytes === 0 && end > offset && end === Math.min(offset + partBytes, bytes)
      // A whole part is handed over as it came: whoever reads a file from its start to its end copies nothing.
      const out = isPart ? await copy(offset / partBytes) : await gather(offset, end)
      given += out.length
      clearPassed(out.length)
      return out
    },
  }
}
