/**
 * Pieces of a file into the store while it is still being read. Each is two steps, its readings and its sessions with what could
 * not be used, and each step happens once: a reader that begins anew gives the same pieces, and those that are stored are passed over.
 */
import type { Piece } from '@tributary/formats'
import type { Measured } from '@tributary/protocol'
import { countQuarantined, insertRecords } from '../platform/quarantine/quarantine.queries.ts'
import { countValues, recordOfReading, refusedAll } from '../platform/quarantine/refused-values.ts'
import { cleanReadings, cleanSessions } from '../platform/readings/clean-readings.ts'
import { keepSessions } from '../platform/sessions/keep-sessions.ts'
import { settleAppSource, sourcesFull } from './app-source.ts'
import type { Edges } from './edges.ts'
import type { FileJob } from './import-file.ts'
import { assertHeld } from './queue.queries.ts'
import { mostQuarantined, QuarantineRoom, recordOfUnusable } from './refused.ts'
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
    if (piece.sessions.length + piece.unusable.length && !stored.has(step + 1))
      await this.#keepRest(piece, format, step + 1)
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
    const known = this.#sources.get(source.key)
    if (known) return known
    const { db, syncIntervalMinutes } = this.#edges
    const { held, file } = this.#job
    const place = { held, position: file.position, archive }
    const settled = await db.asWriter((tx) => settleAppSource(tx, place, source, readings, syncIntervalMinutes))
    if (settled !== undefined) this.#sources.set(source.key, settled)
    return settled
  }

  /** Sessions that have no source to go to are counted with their reason; the file itself keeps them. */
  async #keepRest(piece: Piece, format: string, step: number): Promise<void> {
    const { held, file } = this.#job
    const { userId, importId } = held
    const sourceId = piece.sessions.length ? await this.#sourceOf(piece, [], format) : undefined
    const records = (this.#room as QuarantineRoom)
      .take(piece.unusable)
      .map((unusable) => recordOfUnusable(unusable, piece.source))
    const place = { userId, importId, position: file.position, step }
    await this.#edges.db.asWriter(async (tx) => {
      await assertHeld(tx, held)
      if (!(await insertStep(tx, place))) return
      if (sourceId) {
        const origin = { userId, sourceId, fileId: file.file_id, importId, fileName: file.name, format }
        const kept = await keepSessions(tx, origin, cleanSessions(piece.sessions))
        const { written: sessions, suppressed, sessionIds } = kept
        await noteSessionsOfStep(tx, place, { sessions, suppressed, sessionIds })
      } else if (piece.sessions.length) {
        const lost = piece.sessions.map((_, index) => ({ index, ...sourcesFull }))
        await noteRefusedOfStep(tx, place, { rejected: lost.length, rejections: lost.slice(0, listedRejections) })
      }
      if (records.length) await insertRecords(tx, { ...place, fileName: file.name, format }, records)
    })
  }

  #clean(readings: readonly Measured[]): Measured[] {
    const { cleaned, repeated } = cleanReadings(readings)
    this.repeated += repeated
    return cleaned
  }
}
