import { Readable } from 'node:stream'
import { crc32, createInflateRaw } from 'node:zlib'
import { FormatError } from '../parsed-file.ts'
import { isZlibError } from '../source-bytes.ts'
import { bytesBetween, type RandomAccess } from './reader.ts'

export interface Packed {
  path: string
  /** 0 stored, 8 deflated. */
  method: number
  packed: number
  unpacked: number
  crc: number
}

/** The unpacked bytes of one entry, whose packed ones start at `start`. What does not agree with the directory is damage. */
export async function* unpackedBytes(input: RandomAccess, entry: Packed, start: number): AsyncGenerator<Uint8Array> {
  const packed = bytesBetween(input, start, start + entry.packed)
  let size = 0
  let crc = 0
  for await (const chunk of entry.method === 8 ? inflated(packed, entry.path) : packed) {
    size += chunk.length
    if (size > entry.unpacked) throw damaged(entry.path, `it is larger than the ${entry.unpacked} bytes it claims`)
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (size < entry.unpacked) throw damaged(entry.path, `it breaks off after ${size} of ${entry.unpacked} bytes`)
  if (crc !== entry.crc) throw damaged(entry.path, 'its checksum is wrong')
}

async function* inflated(packed: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed, { objectMode: true, highWaterMark: 1 })
  const inflate = createInflateRaw({ chunkSize: 256 * 1024 })
  source.on('error', (error) => inflate.destroy(error))
  try {
    for await (const chunk of source.pipe(inflate)) yield chunk
  } catch (error) {
    throw isZlibError(error) ? damaged(path, error.message, error) : error
  } finally {
    source.destroy()
    inflate.destroy()
  }
}

export function damaged(path: string, reason: string, cause?: unknown): FormatError {
  return new FormatError('zip_entry_damaged', `${path} in the archive is damaged: ${reason}`, cause)
}
