/**
 * Files out of an archive, each to be read by itself or only to be kept: its bytes into the database as if it had been sent alone, its row behind the
 * others of the import. Small ones travel together in one transaction. An archive that is begun again goes on where it was.
 */
import { createHash, type Hash } from 'node:crypto'
import { sniff, sniffLength } from '@tributary/formats'
import { uuidv7 } from 'uuidv7'
import { partBytes } from './arriving-files.ts'
import type { Edges } from './edges.ts'
import { innerFileName } from './file-name.ts'
import { claimFiles, type FileToClaim, insertPart, insertParts } from './files.queries.ts'
import type { FileJob } from './import-file.ts'
import { insertInnerFiles, listFilesBefore } from './imports.queries.ts'
import { assertHeld } from './queue.queries.ts'
import type { EntryPart } from './thread-messages.ts'

const togetherFiles = 64
const togetherBytes = 4 * partBytes

interface Coming {
  fileId: string
  hash: Hash
  bytes: number
  parts: number
  isArchive: boolean
}

interface Whole extends FileToClaim {
  entry: number
  name: string
  isKept: boolean
  isArchive: boolean
  fault: EntryPart['fault']
  /** The content, when it waits for the rows. */
  held: Buffer | undefined
}

const keptOnly = {
  code: 'file_kept',
  detail: 'It is kept as it is; what was read from it is in the archive that it came in',
}

/** Archives may hold each other by the hundred, and one archive says the same wherever it lies. */
const archiveRepeated = {
  code: 'archive_repeated',
  detail: 'It is the same archive as another of this import, and is read there',
}

export class FileTaker {
  readonly #edges: Edges
  readonly #job: FileJob
  #coming: Coming | undefined
  #whole: Whole[] = []
  #heldBytes = 0

  constructor(edges: Edges, job: FileJob) {
    this.#edges = edges
    this.#job = job
  }

  async take({ entry, path, data, isLast, isKept, fault }: EntryPart): Promise<void> {
    await this.#job.turn
    this.#job.signal.throwIfAborted()
    this.#coming ??= {
      fileId: uuidv7(),
      hash: createHash('sha256'),
      bytes: 0,
      parts: 0,
      isArchive: sniff(data.subarray(0, sniffLength)) === 'zip',
    }
    const coming = this.#coming
    coming.hash.update(data)
    coming.bytes += data.length
    const { userId } = this.#job.held
    if (isLast && coming.parts === 0) this.#heldBytes += data.length
    else {
      this.#edges.disk.assertRoom()
      const part = { userId, fileId: coming.fileId, part: coming.parts++, data: Buffer.from(data) }
      await this.#edges.db.asWriter((tx) => insertPart(tx, part))
    }
    if (!isLast) return
    const { fileId, hash, bytes, parts, isArchive } = coming
    const held = parts === 0 ? Buffer.from(data) : undefined
    const name = innerFileName(this.#job.file.name, path)
    this.#whole.push({ entry, name, isKept, isArchive, fileId, hash: hash.digest(), bytes, fault, held })
    this.#coming = undefined
    if (this.#whole.length >= togetherFiles || this.#heldBytes >= togetherBytes) await this.flush()
  }

  /** What waits becomes rows. */
  async flush(): Promise<void> {
    const files = this.#whole
    if (!files.length) return
    this.#whole = []
    this.#heldBytes = 0
    this.#edges.disk.assertRoom()
    const { held, file } = this.#job
    await this.#edges.db.asWriter(async (tx) => {
      await assertHeld(tx, held)
      const keptAs = await claimFiles(tx, held.userId, files)
      const isNew = (one: Whole) => keptAs.get(one.hash.toString('hex')) === one.fileId
      await insertParts(
        tx,
        held.userId,
        files.flatMap((one) => (one.held && isNew(one) ? [{ fileId: one.fileId, data: one.held }] : [])),
      )
      const place = { userId: held.userId, importId: held.importId, parent: file.position, depth: file.depth + 1 }
      const stored = files.map((one) => ({
        ...one,
        isNew: isNew(one),
        fileId: keptAs.get(one.hash.toString('hex')) ?? one.fileId,
      }))
      const archives = stored.filter(({ isArchive, isKept }) => isArchive && !isKept).map(({ fileId }) => fileId)
      const before = new Set(archives.length ? await listFilesBefore(tx, place, archives) : [])
      /** Also when it comes twice at once. */
      const isRepeated = ({ isArchive, isKept, fileId }: Whole) => {
        if (!isArchive || isKept) return false
        const isIn = before.has(fileId)
        before.add(fileId)
        return isIn
      }
      await insertInnerFiles(
        tx,
        place,
        stored.map((one) => {
          const said = one.isKept ? keptOnly : isRepeated(one) ? archiveRepeated : undefined
          return {
            entry: one.entry,
            fileId: one.fileId,
            name: one.name,
            bytes: one.bytes,
            status: !said ? 'queued' : one.isKept && one.isNew ? 'done' : 'duplicate',
            warnings: [...(said ? [said] : []), ...(one.fault ? [one.fault] : [])],
          }
        }),
      )
    })
    await this.#edges.reached('taken out')
  }
}
