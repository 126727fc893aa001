import { xmlLimits } from '../limits.ts'
import type { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import type { ArchiveEntry, Ending, Piece, Pieces, ReadOptions } from '../piece.ts'
import { isZlibError } from '../source-bytes.ts'
import { readEcg } from './ecg.ts'
import { ExportDocument } from './export-document.ts'
import { addRoute, readRoute } from './routes.ts'
import type { Workout } from './workouts.ts'

export const format = 'apple_health'

/** What an archive holds beside its XML. */
export interface Attached {
  routes: readonly ArchiveEntry[]
  ecgs: readonly ArchiveEntry[]
}

const sliceLength = 262_144
/** Workouts without a word of a route, while files of routes are there that may be theirs. */
const mostHeld = 5_000
/** A route may begin a little before its workout. */
const earlyMs = 60_000

/** All pieces of an export. `attached` is undefined for an XML by itself. */
export async function* readExport(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions,
  losses: Losses,
  attached: Attached | undefined,
): Pieces {
  const document = new ExportDocument(losses, options)
  const routes = new RouteBook(document, losses, attached)
  const { scanner, buffers } = document
  let damage: string | undefined
  const readable = untilDamaged(chunks, (detail) => {
    damage = detail
  })
  for await (const chunk of bodyOf(readable, losses)) {
    for (let at = 0; at < chunk.length; at += sliceLength) {
      scanner.write(chunk.subarray(at, at + sliceLength))
      // Halted at every piece and every workout, so that what is cut where depends on the bytes, not on the chunks.
      while (scanner.run()) {
        await routes.join()
        yield* taken(buffers.ready)
      }
    }
  }
  const whole = scanner.ended && damage === undefined
  if (!whole)
    losses.warn('truncated', `the export ends early: what was read until there is kept${damage ? ` (${damage})` : ''}`)
  await routes.finish()
  yield* taken(buffers.ready)
  let isAll = whole && attached !== undefined
  for (const ecg of attached?.ecgs ?? []) {
    isAll = (await addEcg(document, ecg)) && isAll
    yield* taken(buffers.ready)
  }
  document.end()
  yield* taken(buffers.ready)
  return endingOf(document, losses, isAll)
}

/** Without these an earlier export knew more, and what is not told again was not deleted. */
const partsLost = new Set(['routes_absent', 'route_broken'])

/** `isAll`: the XML was read to its end, and the files beside it too. An XML by itself has no ECGs and no routes. */
function endingOf(document: ExportDocument, losses: Losses, isAll: boolean): Ending {
  const asOf = document.exportedAt
  if (asOf === undefined) losses.warn('export_date_missing', 'the export does not say when it was made')
  return {
    format,
    records: document.records,
    rejected: losses.rejected,
    rejectedByCode: losses.rejectedByCode,
    warnings: losses.warnings,
    unused: losses.unused,
    ...(isAll && asOf !== undefined && !losses.warnings.some(({ code }) => partsLost.has(code))
      ? { complete: { family: format, asOf } }
      : {}),
  }
}

function* taken(ready: Piece[]): Generator<Piece> {
  while (ready.length) yield ready.shift() as Piece
}

/** What a damaged archive still gives. Its last bytes may be wrong ones, so nothing is said to be complete then. */
async function* untilDamaged(
  chunks: AsyncIterable<Uint8Array>,
  damaged: (detail: string) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    if (!(error instanceof FormatError) && !isZlibError(error)) throw error
    damaged(error.message.slice(0, 200))
  }
}

const rootStart = Buffer.from('<HealthData')

/**
 * The document from its root element on. What stands before it, the document type with all its declarations too, is stepped over
 * without being read: some exports of iOS 16 had a malformed one, and an honest one declares nothing that we need.
 */
async function* bodyOf(chunks: AsyncIterable<Uint8Array>, losses: Losses): AsyncGenerator<Uint8Array> {
  let held: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of utf8Of(chunks)) {
    if (!held) {
      yield chunk
      continue
    }
    held = Buffer.concat([held, chunk])
    const root = rootIn(held)
    if (root >= 0) {
      const before = held.subarray(0, root)
      if (before.includes('<!ENTITY'))
        losses.warn('xml_entities', 'the file declares entities, which no export does: none is expanded')
      yield held.subarray(root)
      held = undefined
    } else if (held.length > xmlLimits.token) break
  }
  if (held) throw new FormatError('not_an_export', 'no HealthData element was found at the start of the file')
}

function rootIn(bytes: Buffer): number {
  for (let at = bytes.indexOf(rootStart); at >= 0; at = bytes.indexOf(rootStart, at + 1)) {
    const next = bytes[at + rootStart.length]
    if (next !== undefined && (next <= 0x20 || next === 0x3e || next === 0x2f)) return at
  }
  return -1
}

async function* utf8Of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  let begun = false
  for await (const chunk of chunks) {
    if (!begun && chunk.length > 1) {
      begun = true
      if (chunk[0] === 0xff && chunk[1] === 0xfe) decoder = new TextDecoder('utf-16le')
      if (chunk[0] === 0xfe && chunk[1] === 0xff) decoder = new TextDecoder('utf-16be')
    }
    yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk
  }
}

/** Finds the routes of workouts, and puts both together. */
class RouteBook {
  readonly #document: ExportDocument
  readonly #losses: Losses
  readonly #byName = new Map<string, ArchiveEntry>()
  readonly #isArchive: boolean
  #held: Workout[] = []

  constructor(document: ExportDocument, losses: Losses, attached: Attached | undefined) {
    this.#document = document
    this.#losses = losses
    this.#isArchive = attached !== undefined
    for (const entry of attached?.routes ?? []) this.#byName.set(fileName(entry.path), entry)
  }

  /** Those that name their route go on with it; the others wait for what is left, if anything may be. */
  async join(): Promise<void> {
    for (let workout = this.#document.workouts.shift(); workout; workout = this.#document.workouts.shift()) {
      if (workout.routes.length) {
        for (const path of workout.routes) await this.#add(workout, path)
        this.#store(workout)
      } else if (this.#byName.size) {
        this.#held.push(workout)
        if (this.#held.length > mostHeld) this.#store(this.#held.shift() as Workout)
      } else this.#store(workout)
    }
  }

  /** Old exports have no references: a route belongs to the workout in which it begins. */
  async finish(): Promise<void> {
    await this.join()
    for (const entry of this.#byName.values()) {
      const route = await readRoute(entry, this.#document.check, this.#losses)
      const begins = ({ session }: Workout) =>
        route !== undefined && route.start >= session.start - earlyMs && route.start <= session.end
      const workout = this.#held.find((one) => begins(one) && !one.session.track) ?? this.#held.find(begins)
      if (route && workout) addRoute(this.#document, workout, route)
      else this.#losses.leaveUnused(route ? 'route without its workout' : 'route without a usable point')
    }
    this.#byName.clear()
    for (const workout of this.#held) this.#store(workout)
    this.#held = []
  }

  async #add(workout: Workout, path: string): Promise<void> {
    const entry = this.#byName.get(fileName(path))
    if (!entry) {
      this.#losses.leaveUnused('WorkoutRoute whose file is not there')
      this.#losses.warn(
        'routes_absent',
        this.#isArchive
          ? 'the archive lacks files of routes that workouts name'
          : 'routes of workouts are files beside the XML: send the whole ZIP to have them',
      )
      return
    }
    this.#byName.delete(fileName(path))
    const route = await readRoute(entry, this.#document.check, this.#losses)
    if (route) addRoute(this.#document, workout, route)
    else this.#losses.leaveUnused('route without a usable point')
  }

  #store({ session, sourceName }: Workout): void {
    this.#document.buffers.addSession(this.#document.buffers.of(sourceName), session)
  }
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).normalize('NFC')
}

/** The ECG app signs for all of them; which watch it was is in the file. */
const ecgSource = 'ECG'

async function addEcg(document: ExportDocument, entry: ArchiveEntry): Promise<boolean> {
  const { buffers } = document
  const place = document.records++
  const read = await readEcg(entry, document.check)
  const buffer = buffers.of(ecgSource)
  if ('code' in read) {
    buffers.addUnusable(buffer, { index: place, code: read.code, detail: read.detail }, entry.path.slice(-200))
    return false
  }
  if (read.session.start >= buffer.deviceAt) {
    buffer.deviceAt = read.session.start
    buffer.claim({
      ...(read.device ? { manufacturer: 'Apple Inc.', model: read.device } : {}),
      ...(read.software ? { firmware: read.software } : {}),
      app: ecgSource,
    })
  }
  buffers.addSession(buffer, read.session)
  return true
}
