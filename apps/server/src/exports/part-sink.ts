/** The bytes of an export into its parts, each with how far it is, and their hash for the ETag. */
import { createHash } from 'node:crypto'

const partBytes = 1024 * 1024

export interface Kept {
  bytes: number
  hash: Buffer
}

export async function keepParts(
  chunks: AsyncIterable<Buffer>,
  put: (part: number, data: Buffer, bytes: number) => Promise<void>,
): Promise<Kept> {
  const sha256 = createHash('sha256')
  let waiting: Buffer[] = []
  let held = 0
  let bytes = 0
  let part = 0
  for await (const chunk of chunks) {
    if (!chunk.length) continue
    sha256.update(chunk)
    bytes += chunk.length
    waiting.push(chunk)
    held += chunk.length
    while (held >= partBytes) {
      const all = Buffer.concat(waiting)
      await put(part++, all.subarray(0, partBytes), bytes - (held - partBytes))
      waiting = [all.subarray(partBytes)]
      held -= partBytes
    }
  }
  if (held) await put(part, Buffer.concat(waiting), bytes)
  return { bytes, hash: sha256.digest() }
}
