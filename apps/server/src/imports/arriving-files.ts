/**
 * The files of one upload on their way into the database. What does not fit in a little memory is written in parts at once,
 * each in a short transaction of its own; nobody sees those parts until the import that names their file commits, and an
 * upload that breaks off takes them back. If even that fails, the sweep finds them (sweep.ts).
 */
import { createHash } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import type { Database } from '../platform/db/database.ts'
import { Problem } from '../platform/problem.ts'
import { cleanFileName } from './file-name.ts'
import { deleteUnclaimedParts, insertPart } from './files.queries.ts'

export const partBytes = 1024 * 1024

export interface UploadLimits {
  fileBytes: number
  requestBytes: number
  files: number
}

export const uploadLimits: UploadLimits = { fileBytes: 100_000_000, requestBytes: 512_000_000, files: 1_000 }

/** Small files stay in memory until the import is written, up to this much in one upload: most uploads are one transaction. */
const heldBytes = 4 * partBytes

export interface ArrivedFile {
  fileId: string
  name: string
  bytes: number
  hash: Buffer
  /** How many parts are written. */
  parts: number
  /** The whole file, when it was small enough to wait for the import's own transaction. */
  held?: Buffer
}

export class ArrivingFiles {
  readonly files: ArrivedFile[] = []
  readonly #db: Database
  readonly #userId: string
  readonly #limits: UploadLimits
  readonly #written: string[] = []
  #bytes = 0
  #held = 0

  constructor(db: Database, userId: string, limits: UploadLimits = uploadLimits) {
    this.#db = db
    this.#userId = userId
    this.#limits = limits
  }

  async take(name: string | undefined, chunks: AsyncIterable<Buffer>): Promise<void> {
    const file: ArrivedFile = { fileId: uuidv7(), name: cleanFileName(name), bytes: 0, hash: Buffer.alloc(0), parts: 0 }
    const sha256 = createHash('sha256')
    let waiting: Buffer[] = []
    let waitingBytes = 0
    for await (const chunk of chunks) {
      this.#count(file, chunk.length)
      sha256.update(chunk)
      waiting.push(chunk)
      waitingBytes += chunk.length
      while (waitingBytes > partBytes) {
        const all = Buffer.concat(waiting)
        await this.#write(file, all.subarray(0, partBytes))
        waiting = [all.subarray(partBytes)]
        waitingBytes = all.length - partBytes
      }
    }
    await this.#finish(file, Buffer.concat(waiting))
    file.hash = sha256.digest()
    this.files.push(file)
  }

  /** Takes back what was written. Only for uploads that certainly did not commit. */
  async forget(): Promise<void> {
    if (!this.#written.length) return
    await this.#db.write({ userId: this.#userId }, (tx) => deleteUnclaimedParts(tx, this.#userId, this.#written))
  }

  #count(file: ArrivedFile, bytes: number): void {
    file.bytes += bytes
    this.#bytes += bytes
    const { fileBytes, requestBytes } = this.#limits
    if (file.bytes > fileBytes) throw tooLarge(`${file.name} is larger than ${fileBytes} bytes`, this.#limits)
    if (this.#bytes > requestBytes) throw tooLarge(`The upload is larger than ${requestBytes} bytes`, this.#limits)
  }

  async #finish(file: ArrivedFile, rest: Buffer): Promise<void> {
    if (file.parts === 0 && this.#held + rest.length <= heldBytes) {
      this.#held += rest.length
      file.held = rest
    } else await this.#write(file, rest)
  }

  async #write(file: ArrivedFile, data: Buffer): Promise<void> {
    if (file.parts === 0) this.#written.push(file.fileId)
    const { fileId, parts } = file
    await this.#db.write({ userId: this.#userId }, (tx) =>
      insertPart(tx, { userId: this.#userId, fileId, part: parts, data }),
    )
    file.parts++
  }
}

export function tooLarge(detail: string, { fileBytes, requestBytes, files }: UploadLimits = uploadLimits): Problem {
  return new Problem('payload_too_large', detail, {
    max_file_bytes: fileBytes,
    max_request_bytes: requestBytes,
    max_files: files,
  })
}
