import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

/** Bytes that can be read anywhere: a file on disk, an object, a buffer. */
export interface RandomAccess {
  size: number
  readAt(offset: number, length: number): Promise<Uint8Array>
}

const chunkSize = 256 * 1024
/** The directory is read record by record, 46 bytes and a name each: one read of the file serves thousands of them. */
const windowSize = 1024 * 1024

/** What yauzl reads through. `failed` keeps an error of the storage apart from those of the archive. */
export class WindowReader extends RandomAccessReader {
  failed: { error: unknown } | undefined
  readonly #input: RandomAccess
  #window: Buffer = Buffer.alloc(0)
  #windowAt = 0

  constructor(input: RandomAccess) {
    super()
    this.#input = input
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#bytes(position, length).then(
      (bytes) => callback(null, bytes.copy(buffer, offset)),
      (error) => {
        this.failed = { error }
        callback(error instanceof Error ? error : new Error(String(error)))
      },
    )
  }

  /** At most `length` bytes; fewer at the end of the input. */
  async #bytes(position: number, length: number): Promise<Buffer> {
    const from = position - this.#windowAt
    if (from >= 0 && from + length <= this.#window.length) return this.#window.subarray(from, from + length)
    const wanted = Math.min(Math.max(length, windowSize), this.#input.size - position)
    if (!(wanted > 0)) return Buffer.alloc(0)
    const bytes = await this.#input.readAt(position, wanted)
    this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#windowAt = position
    return this.#window.subarray(0, length)
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(bytesBetween(this.#input, start, end))
  }
}

export async function* bytesBetween(input: RandomAccess, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; ) {
    const bytes = await input.readAt(at, Math.min(chunkSize, end - at))
    if (!bytes.length) return // the input is shorter than it said; who counts the bytes tells
    at += bytes.length
    yield bytes
  }
}
