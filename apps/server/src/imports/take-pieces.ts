/**
 * Pieces of a file into the store while it is still being read. Each is two steps, its readings and its sessions with what could
 * not be used, and each step happens once: a reader that begins anew gives the same pieces, and those that are stored are passed over.
 */
import type { Piece, PieceSource, Restored } from '@tributary/formats'
import type { Measured, Rejection } from '@tributary/protocol'
import type { Write } from '../platform/db/database.ts'
import { countQuarantined, insertRecords } from '../platform/quarantine/quarantine.queries.ts'
import { countValues, recordOfReading, recordOfSession, refusedAll } from '../platform/quarantine/refused-values.ts'
import { cleanReadings, cleanSessions } from '../platform/readings/clean-readings.ts'
import { cleanText } from '../platform/readings/clean-text.ts'
import { keepSessions, type Told } from '../platform/sessions/keep-sessions.ts'
import { lossesOf } from '../platform/sessions/sound-sessions.ts'
import { settleAppSource, sourcesFull } from './app-source.ts'
import type { Edges } from './edges.ts'
import type { FileJob } from './import-file.ts'
import { listKeptFiles } from './imports.queries.ts'
import { assertHeld } from './queue.queries.ts'
import { mostQuarantined, QuarantineRoom, recordOfUnusable } from './refused.ts'
import { restorePlans, restoreSuppressions } from './restore.ts'
import { Said } from './said.ts'
import { insertStep, listStepNumbers, noteRefusedOfStep, noteSessionsOfStep } from './steps.queries.ts'
import { listedRejections, storeStep } from './store-readings.ts'

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
    if (readings.length && !stored.has(step)) await this.#keepReadings(piece, readings, format, step)
    if (hasRest(piece) && !stored.has(step + 1)) await this.#keepRest(piece, format, step + 1)
    await this.#edges.reached('piece')
  }

  async #keepReadings(piece: Piece, readings: readonly Measured[], format: string, step: number): Promise<void> {
    const { held, file } = this.#job
    const sourceId = await this.#sourceOf(piece, readings, format)
    if (sourceId === undefined) return this.#refuse(piece, readings, format, step)
    const room = this.#room as QuarantineRoom
    const of = { held, position: file.position, fileName: file.name, format, sourceId, room }
    return storeStep(this.#edges.ingest, of, step, readings)
  }

  /** There are too many sources: the values wait in quarantine until there is room for it. */
  async #refuse({ source }: Piece, readings: readonly Measured[], format: string, step: number): Promise<void> {
    const { held, file } = this.#job
    const rejected = countValues(readings)
    const first = [...refusedAll(readings, sourcesFull).take(mostQuarantined)]
    const records = (this.#room as QuarantineRoom).take(first, rejected).map((one) => recordOfReading(one, source))
    const rejections = first.slice(0, listedRejections).map(({ index, code, detail }) => ({ index, code, detail }))
    const place = { userId: held.userId, importId: held.importId, position: file.position, step }
    await this.#edges.db.asWriter(async (tx) => {
      await assertHeld(tx, held)
      if (!(await insertStep(tx, place))) return
      await noteRefusedOfStep(tx, place, { rejected, rejections })
      if (records.length) await insertRecords(tx, { ...place, fileName: file.name, format }, records)
    })
  }

  async #listSteps(): Promise<Set<number>> {
    const { held, file } = this.#job
    return this.#edges.db.asWriter(async (tx) => {
      this.#room = new QuarantineRoom(await countQuarantined(tx, held.userId, held.importId, file.position))
      return new Set(await listStepNumbers(tx, held.userId, held.importId, file.position))
    })
  }

  async #sourceOf({ source }: Piece, readings: readonly Measured[], archive: string): Promise<string | undefined> {
    const settled = await this.#edges.db.asWriter((tx) => this.#settle(tx, source, readings, archive))
    if (settled !== undefined) this.#sources.set(source.key, settled)
    return settled
  }

  /** Remembered only by who asks, once its transaction is through. */
  async #settle(
    tx: Write,
    source: PieceSource,
    readings: readonly Measured[],
    archive: string,
  ): Promise<string | undefined> {
    const known = this.#sources.get(source.key)
    if (known) return known
    const { held, file } = this.#job
    const { syncIntervalMinutes } = this.#edges
    return settleAppSource(tx, { held, position: file.position, archive }, source, readings, syncIntervalMinutes)
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

  /** What has no source to go to is counted with its reason; the file itself keeps it. */
  async #keepRest(piece: Piece, format: string, step: number): Promise<void> {
    const { held, file } = this.#job
    const { userId, importId } = held
    const sourceId = piece.sessions.length ? await this.#sourceOf(piece, [], format) : undefined
    const room = this.#room as QuarantineRoom
    const records = room.take(piece.unusable).map((unusable) => recordOfUnusable(unusable, piece.source))
    const restored = piece.restored && cleanText(piece.restored)
    const told = await this.#told(restored)
    const place = { userId, importId, position: file.position, step }
    await this.#edges.db.asWriter(async (tx) => {
      await assertHeld(tx, held)
      if (!(await insertStep(tx, place))) return
      const losses: Rejection[] = []
      if (sourceId) {
        const origin = { userId, sourceId, fileId: file.file_id, importId, fileName: file.name, format }
        const kept = await keepSessions(tx, origin, cleanSessions(piece.sessions), told)
        const { written: sessions, suppressed, sessionIds, refused } = kept
        await noteSessionsOfStep(tx, place, { sessions, suppressed, sessionIds })
        losses.push(...lossesOf(kept))
        records.push(...room.take(refused).map((one) => recordOfSession(one, sourceId)))
      }
      const sourceOf = (source: PieceSource) => this.#settle(tx, source, [], format)
      await restorePlans(tx, userId, restored?.plans ?? [], sourceOf)
      const placeless = await restoreSuppressions(tx, userId, restored?.suppressions ?? [], sourceOf)
      const homeless = placeless + (sourceId ? 0 : piece.sessions.length)
      for (let index = 0; index < homeless; index++) losses.push({ index, ...sourcesFull })
      const rejections = losses.slice(0, listedRejections)
      if (losses.length) await noteRefusedOfStep(tx, place, { rejected: losses.length, rejections })
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
