import { to as copyTo } from 'pg-copy-streams'
import type { Database } from '../db/database.ts'
import { isUuid } from '../http/cursor.ts'

/** The signature, flags and the length of an extension; then the first row's number of columns and the length of its only one. */
const headBytes = 11 + 4 + 4
const rowHeadBytes = 2 + 4

/**
 * The same as `readFilePart`, for whoever reads gigabytes: in binary form, which only COPY has, into a buffer that can be handed
 * over. As text each MiB is two on the wire and leaves eight of garbage.
 */
export async function copyFilePart(
  db: Pick<Database, 'copyPool'>,
  userId: string,
  fileId: string,
  part: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  // COPY takes no parameters, so what stands in it is checked and written as literals.
  if (!isUuid(userId) || !isUuid(fileId) || !Number.isSafeInteger(part))
    throw new TypeError('a part of a file has a UUID')
  const client = await db.copyPool.connect()
  try {
    const rows = client.query(
      copyTo(`copy (
        select data from file_parts
        where user_id = '${userId}' and file_id = '${fileId}' and part = ${part}) to stdout (format binary)`),
    )
    const data = await onlyValue(rows)
    client.release()
    return data
  } catch (error) {
    client.release(true) // more of it may be under way
    throw error
  }
}

async function onlyValue(chunks: AsyncIterable<Buffer>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  let head: Buffer = Buffer.alloc(0)
  let value: Uint8Array<ArrayBuffer> | undefined
  let filled = 0
  for await (const chunk of chunks) {
    let rest = chunk
    if (!value) {
      head = Buffer.concat([head, chunk])
      if (head.length < headBytes + rowHeadBytes) continue
      value = new Uint8Array(head.readInt32BE(headBytes + 2))
      rest = head.subarray(headBytes + rowHeadBytes)
    }
    const some = rest.subarray(0, value.length - filled) // behind it stands the end of the rows
    value.set(some, filled)
    filled += some.length
  }
  if (value && filled < value.length) throw new Error('broken assumption: a row that was copied is whole')
  return value
}
