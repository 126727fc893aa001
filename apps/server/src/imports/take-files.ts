/**
 * Files out of an archive, each to be read by itself or only to be kept: its bytes into the database as if it had been sent alone, its row behind the
 * others of the import. Small ones travel together in one transaction. An archive that is begun again goes on where it was.
 */
import { createHash, type Hash } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import { partBytes } from './arriving-files.ts'
import type { Edges } from './edges.ts'
import { innerFileName } from './file-name.ts'
import { claimFiles, type FileToClaim, insertPart, insertParts } from './files.queries.ts'
import type { FileJob } from './import-file.ts'
import { insertInnerFiles } from './imports.queries.ts'
import { assertHeld } from './queue.queries.ts'
import type { EntryPart } from './thread-messages.ts'

const togetherFiles = 64
const togetherBytes = 4 * partBytes

interface Coming {
  fileId: string
  hash: Hash
  bytes: number
  parts: number
}

interface Whole extends FileToClaim {
  entry: number
  name: string
  isKept: boolean
  fault: EntryPart['fault']
  /** The content, when it waits for the rows. */
  held: Buffer | undefined
}

const keptOnly = {
  code: 'file_kept',
  detail: 'It is kept as it is; what was read from it is in the archive that it came in',
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
    this.#coming ??= { fileId: uuidv7(), hash: createHash('sha256'), bytes: 0, parts: 0 }
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
    const { fileId, hash, bytes, parts } = coming
    const held = parts === 0 ? Buffer.from(data) : undefined
    const name = innerFileName(this.#job.file.name, path)
    this.#whole.push({ entry, name, isKept, fileId, hash: hash.digest(), bytes, fault, held })
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
      await insertInnerFiles(
        tx,
        { userId: held.userId, importId: held.importId, parent: file.position, depth: file.depth + 1 },
        files.map((one) => ({
          entry: one.entry,
          fileId: keptAs.get(one.hash.toString('hex')) ?? one.fileId,
          name: one.name,
          bytes: one.bytes,
          status: !one.isKept ? 'queued' : isNew(one) ? 'done' : 'duplicate',
          warnings: [...(one.isKept ? [keptOnly] : []), ...(one.fault ? [one.fault] : [])],
        })),
      )
    })
    await this.#edges.reached('taken out')
  }
}
