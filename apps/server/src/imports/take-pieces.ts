/**
 * Pieces of a file into the store while it is still being read. Each is two steps, its readings and its sessions with what could
 * not be used, and each step happens once: a reader that begins anew gives the same pieces, and those that are stored are passed over.
 */
import type { Piece, PieceSource, Restored } from '@tributary/formats'
import type { Measured } from '@tributary/protocol'
import type { Write } from '../platform/db/database.ts'
import { settleAppSource } from './app-source.ts'
import { cleanReadings, cleanSessions } from './clean-read.ts'
import { cleanText } from './clean-text.ts'
import type { Edges } from './edges.ts'
import type { FileJob } from './import-file.ts'
import { listKeptFiles } from './imports.queries.ts'
import { keepSessions, type Told } from './keep-sessions.ts'
import { countQuarantined, insertRecords } from './quarantine.queries.ts'
import { assertHeld } from './queue.queries.ts'
import { QuarantineRoom, recordOfUnusable } from './refused.ts'
import { restorePlans, restoreSuppressions } from './restore.ts'
import { Said } from './said.ts'
import { insertStep, listStepNumbers, noteSessionsOfStep } from './steps.queries.ts'
import { type StepsOf, storeStep } from './store-readings.ts'

export class PieceTaker {
  /** Values that stood at a time which their piece gave again. */
  repeated = 0
  records = 0
  pieces = 0
  /** The family of archives its sources belong to; unknown until there was a piece. */
  archive: string | undefined
  readonly said = new Said()
  readonly #edges: Edges
  readonly #job: FileJob
  readonly #sources = new Map<string, string>()
  #stored: Set<number> | undefined
  #room: QuarantineRoom | undefined
  #files: ReadonlyMap<string, string> | undefined

  constructor(edges: Edges, job: FileJob) {
    this.#edges = edges
    this.#job = job
  }

  get overflow(): number {
    return this.#room?.overflow ?? 0
  }

  async take(piece: Piece, format: string): Promise<void> {
    const { signal } = this.#job
    await this.#job.turn
    signal.throwIfAborted()
    this.#edges.disk.assertRoom()
    this.#stored ??= await this.#listSteps()
    const stored = this.#stored
    const step = 2 * this.pieces++
    this.records = piece.progress.records
    const readings = this.#clean(piece.readings)
    this.archive = format
    this.said.note(piece, readings)
    if (readings.length && !stored.has(step))
      await storeStep(this.#edges.ingest, await this.#stepsOf(piece, readings, format), step, readings)
    if (hasRest(piece) && !stored.has(step + 1)) await this.#keepRest(piece, format, step + 1)
    await this.#edges.reached('piece')
  }

  async #listSteps(): Promise<Set<number>> {
    const { held, file } = this.#job
    return this.#edges.db.asWriter(async (tx) => {
      this.#room = new QuarantineRoom(await countQuarantined(tx, held.userId, held.importId, file.position))
      return new Set(await listStepNumbers(tx, held.userId, held.importId, file.position))
    })
  }

  async #stepsOf(piece: Piece, readings: readonly Measured[], format: string): Promise<StepsOf> {
    const { held, file } = this.#job
    const sourceId = await this.#sourceOf(piece, readings, format)
    return { held, position: file.position, fileName: file.name, format, sourceId, room: this.#room as QuarantineRoom }
  }

  async #sourceOf({ source }: Piece, readings: readonly Measured[], archive: string): Promise<string> {
    const known = this.#sources.get(source.key)
    if (known) return known
    return this.#edges.db.asWriter((tx) => this.#settle(tx, source, readings, archive))
  }

  async #settle(tx: Write, source: PieceSource, readings: readonly Measured[], archive: string): Promise<string> {
    const known = this.#sources.get(source.key)
    if (known) return known
    const { held, file } = this.#job
    const place = { held, position: file.position, archive }
    const settled = await settleAppSource(tx, place, source, readings, this.#edges.syncIntervalMinutes)
    this.#sources.set(source.key, settled)
    return settled
  }

  /** Our own export names files by the ids they had; they were kept before the first piece. */
  async #told(restored: Restored | undefined): Promise<Told[]> {
    if (!restored?.sessions.length) return []
    const { held, file } = this.#job
    this.#files ??= await this.#edges.db.asWriter(async (tx) => {
      const rows = await listKeptFiles(tx, held.userId, held.importId, file.position)
      return new Map(rows.map(({ name, file_id }) => [/files\/([^/]+)\/[^/]*$/.exec(name)?.[1] ?? '', file_id]))
    })
    const ids = this.#files
    return restored.sessions.map(({ file, ...told }) => ({
      ...told,
      fileId: file === null ? null : (ids.get(file) ?? null),
    }))
  }

  async #keepRest(piece: Piece, format: string, step: number): Promise<void> {
    const { held, file } = this.#job
    const { userId, importId } = held
    const records = (this.#room as QuarantineRoom)
      .take(piece.unusable)
      .map((unusable) => recordOfUnusable(unusable, piece.source))
    const restored = piece.restored && cleanText(piece.restored)
    const told = await this.#told(restored)
    const place = { userId, importId, position: file.position, step }
    const sourceId = piece.sessions.length ? await this.#sourceOf(piece, [], format) : ''
    const origin = { userId, sourceId, fileId: file.file_id, importId, fileName: file.name, format }
    await this.#edges.db.asWriter(async (tx) => {
      await assertHeld(tx, held)
      if (!(await insertStep(tx, place))) return
      const kept = await keepSessions(tx, origin, cleanSessions(piece.sessions), told)
      const sourceOf = (source: PieceSource) => this.#settle(tx, source, [], format)
      await restorePlans(tx, userId, restored?.plans ?? [], sourceOf)
      await restoreSuppressions(tx, userId, restored?.suppressions ?? [], sourceOf)
      const { written: sessions, suppressed, sessionIds } = kept
      await noteSessionsOfStep(tx, place, { sessions, suppressed, sessionIds })
      if (records.length) await insertRecords(tx, { ...place, fileName: file.name, format }, records)
    })
  }

  #clean(readings: readonly Measured[]): Measured[] {
    const { cleaned, repeated } = cleanReadings(readings)
    this.repeated += repeated
    return cleaned
  }
}

const hasRest = ({ sessions, unusable, restored }: Piece): boolean =>
  sessions.length + unusable.length + (restored?.plans.length ?? 0) + (restored?.suppressions.length ?? 0) > 0
