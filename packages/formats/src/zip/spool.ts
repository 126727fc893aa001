import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry } from '../piece.ts'
import { zipLimits } from './limits.ts'
import type { RandomAccess } from './reader.ts'

/**
 * An entry in memory, to be read out of order: a ZIP or a database inside of a ZIP. Its claimed size is taken at once (and was judged
 * when the archive was opened), so that nothing is held twice.
 */
export async function spool(entry: ArchiveEntry, most = zipLimits.nested): Promise<RandomAccess> {
  if (entry.size > most) {
    throw new FormatError(
      'nested_too_large',
      `${entry.path} is too large to be read inside of another archive; unpack the outer one and send it by itself`,
    )
  }
  const bytes = new Uint8Array(entry.size)
  let at = 0
  for await (const chunk of entry.chunks()) {
    bytes.set(chunk, at) // `chunks` never gives more than the entry's size
    at += chunk.length
  }
  return fromBytes(bytes)
}

export function fromBytes(bytes: Uint8Array): RandomAccess {
  return { size: bytes.length, readAt: async (offset, length) => bytes.subarray(offset, offset + length) }
}
