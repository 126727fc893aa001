import { Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'
import { gzipFree, gzipRatio } from './limits.ts'
import { FormatError } from './parsed-file.ts'

export type Bytes = Uint8Array | AsyncIterable<Uint8Array>

const chunkSize = 256 * 1024
const MB = 1_000_000
/** An error loses what its own piece would have given, and nothing of those before. */
const gzipPiece = 8192

/** Any input as chunks of a fair size: many small ones would make the decoders join and join again. */
export async function* chunksOf(bytes: Bytes): AsyncGenerator<Uint8Array> {
  if (bytes instanceof Uint8Array) {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
    return
  }
  let held: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    held.push(chunk)
    size += chunk.length
    if (size < chunkSize) continue
    yield concat(held, size)
    held = []
    size = 0
  }
  if (size) yield concat(held, size)
}

function concat(parts: Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0] as Uint8Array
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Ends with `too_large` as soon as more came than the format allows. */
export async function* capped(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > bytes) throw new FormatError('too_large', `the file is larger than ${Math.round(bytes / MB)} MB`)
    yield chunk
  }
}

/**
 * Decompressed chunks. What shrinks by more than 100:1 is a bomb: no recording does. A stream that breaks off or ends with a
 * wrong checksum gives what it had, and `broke` is told.
 */
export async function* gunzipped(
  chunks: AsyncIterable<Uint8Array>,
  broke: (reason: string) => void,
): AsyncGenerator<Uint8Array> {
  let taken = 0
  let given = 0
  async function* counted() {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += gzipPiece) {
        const piece = chunk.subarray(at, at + gzipPiece)
        taken += piece.length
        yield piece
      }
    }
  }
  const source = Readable.from(counted(), { objectMode: true, highWaterMark: 1 })
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize })
  source.on('error', (error) => gunzip.destroy(error))
  try {
    for await (const chunk of source.pipe(gunzip)) {
      given += chunk.length
      if (given > gzipFree && given > taken * gzipRatio) {
        throw new FormatError('gzip_bomb', `the file unpacks to more than ${gzipRatio} times its size`)
      }
      yield chunk
    }
  } catch (error) {
    if (!isZlibError(error) || given === 0) throw error
    broke(`the gzip stream breaks off: ${error.message}`)
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

export function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}
