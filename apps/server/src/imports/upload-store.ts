/**
 * Where resumable uploads are kept: in `file_parts`, like every file, so that a finished one is a file already. All parts but
 * the last are exactly 1 MiB, which makes a place in the file a part and a place in it. What `received` says is durable.
 * Ids are `person/upload` inside tus, so that nobody can name somebody else's.
 */
import { createHash, type Hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { DataStore, ERRORS, Upload } from '@tus/server'
import { clearPassed } from '../platform/clear-passed.ts'
import type { Database, Write } from '../platform/db/database.ts'
import type { DiskReserve } from '../platform/disk-reserve.ts'
import { readFilePart } from '../platform/files/file-parts.queries.ts'
import { Problem } from '../platform/problem.ts'
import { partBytes } from './arriving-files.ts'
import { cleanFileName } from './file-name.ts'
import { deleteUnclaimedParts } from './files.queries.ts'
import { deleteUpload, findUpload, insertUpload, moveUpload, putParts } from './uploads.queries.ts'

const uploadLifeMs = 24 * 3_600_000

/** Written in one transaction. More would save commits, and cost four times as much memory. */
const together = partBytes

/** Uploads whose hash is kept as they grow. After a restart, or with more of them at once, it is made from the parts at the end. */
const hashesKept = 64

export interface UploadPlace {
  userId: string
  uploadId: string
}

export const idOf = ({ userId, uploadId }: UploadPlace): string => `${userId}/${uploadId}`

function placeOf(id: string): UploadPlace {
  const [userId = '', uploadId = ''] = id.split('/')
  return { userId, uploadId }
}

export class UploadStore extends DataStore {
  override extensions = ['creation', 'creation-with-upload', 'termination', 'expiration']
  readonly #db: Database
  readonly #disk: DiskReserve
  readonly #onRemoved: (tx: Write, place: UploadPlace) => Promise<void>
  readonly #hashes = new Map<string, { hash: Hash; bytes: number }>()

  /** `onRemoved` is told in the transaction of the removal. */
  constructor(db: Database, disk: DiskReserve, onRemoved: (tx: Write, place: UploadPlace) => Promise<void>) {
    super()
    this.#db = db
    this.#disk = disk
    this.#onRemoved = onRemoved
  }

  override async create(upload: Upload): Promise<Upload> {
    const { userId, uploadId } = placeOf(upload.id)
    const name = cleanFileName(upload.metadata?.['filename'] ?? upload.metadata?.['name'] ?? undefined)
    await this.#db.write({ userId }, (tx) => insertUpload(tx, { userId, uploadId, name, bytes: upload.size as number }))
    upload.creation_date = new Date().toISOString()
    return upload
  }

  override async getUpload(id: string): Promise<Upload> {
    const { userId, uploadId } = placeOf(id)
    const row = await this.#db.read({ userId }, (tx) => findUpload(tx, userId, uploadId))
    if (!row) throw ERRORS.FILE_NOT_FOUND
    return new Upload({
      id,
      size: row.bytes,
      offset: row.received,
      metadata: { filename: row.name },
      creation_date: row.created_at.toISOString(),
    })
  }

  /** Answers the new offset: where the bytes broke off, if they did. */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const place = placeOf(id)
    const hashed = this.#hashFrom(id, offset)
    const begun = offset % partBytes
    let held = begun ? [await this.#lastPart(place, offset)] : []
    let heldBytes = begun
    let received = offset
    const flush = async (bytes: number) => {
      const all = Buffer.concat(held)
      const next = received - (received % partBytes) + bytes
      await this.#append(place, received, all.subarray(0, bytes))
      clearPassed(bytes)
      received = next
      // What is left begins a part, unless the part that was written is not full: then it is kept to be written again.
      const whole = bytes - (bytes % partBytes)
      held = [all.subarray(whole)]
      heldBytes = all.length - whole
    }
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hashed?.hash.update(chunk)
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes >= together) await flush(heldBytes - (heldBytes % partBytes))
    }
    if (heldBytes > received % partBytes) await flush(heldBytes)
    if (hashed) hashed.bytes = received
    return received
  }

  override async remove(id: string): Promise<void> {
    const { userId, uploadId } = placeOf(id)
    const gone = await this.#db.write({ userId }, async (tx) => {
      const gone = await deleteUpload(tx, userId, uploadId)
      await deleteUnclaimedParts(tx, userId, [uploadId])
      if (gone) await this.#onRemoved(tx, { userId, uploadId })
      return gone
    })
    this.#hashes.delete(id)
    if (!gone) throw ERRORS.FILE_NOT_FOUND
  }

  override getExpiration(): number {
    return uploadLifeMs
  }

  /** SHA-256 of all of it: as it came, or read again when another process or an earlier life of this one took some of it. */
  async hashOf(place: UploadPlace, bytes: number): Promise<Buffer> {
    const id = idOf(place)
    const kept = this.#hashes.get(id)
    if (kept?.bytes === bytes) return kept.hash.copy().digest()
    const hash = createHash('sha256')
    for (let part = 0; part * partBytes < bytes; part++) hash.update(await this.#part(place, part))
    return hash.digest()
  }

  forget(place: UploadPlace): void {
    this.#hashes.delete(idOf(place))
  }

  #hashFrom(id: string, offset: number): { hash: Hash; bytes: number } | undefined {
    const kept = this.#hashes.get(id)
    this.#hashes.delete(id)
    if (offset && kept?.bytes !== offset) return undefined
    const hashed = { hash: kept && offset ? kept.hash : createHash('sha256'), bytes: -1 } // -1: unsure until the write has ended
    this.#hashes.set(id, hashed)
    const [oldest] = this.#hashes.keys()
    if (this.#hashes.size > hashesKept && oldest) this.#hashes.delete(oldest)
    return hashed
  }

  async #append({ userId, uploadId }: UploadPlace, from: number, data: Buffer): Promise<void> {
    this.#disk.assertRoom()
    const first = Math.floor(from / partBytes)
    const parts: Buffer[] = []
    for (let at = 0; at < data.length; at += partBytes) parts.push(data.subarray(at, at + partBytes))
    await this.#db.write({ userId }, async (tx) => {
      const to = first * partBytes + data.length
      if (!(await moveUpload(tx, { userId, uploadId, from, to }))) throw new Problem('upload_moved')
      await putParts(tx, { userId, fileId: uploadId, first, parts })
    })
  }

  /** What of the last part is there. */
  async #lastPart(place: UploadPlace, offset: number): Promise<Buffer> {
    const data = await this.#part(place, Math.floor(offset / partBytes))
    return data.subarray(0, offset % partBytes)
  }

  async #part({ userId, uploadId }: UploadPlace, part: number): Promise<Buffer> {
    const data = await this.#db.read({ userId }, (tx) => readFilePart(tx, userId, uploadId, part))
    if (!data) throw new Error(`broken assumption: part ${part} of upload ${uploadId} is missing`)
    return data
  }
}
