/** Our own export, back into readings: source by source, part by part, in the order the archive was written. */
import type { Measured, SessionReading } from '@tributary/protocol'
import { keptRecord, openKept } from '../archives/kept-record.ts'
import { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'
import {
  type ArchiveEntry,
  type ArchiveInput,
  type ArchiveReader,
  type Piece,
  type PieceSource,
  type Pieces,
  pieceValues,
  type ReadOptions,
  type Restored,
  type RestoredSession,
  type Unusable,
} from '../piece.ts'
import { type TimeCheck, timeCheck } from '../times.ts'
import {
  type ExportCounts,
  type ExportList,
  type ExportPart,
  type ExportSource,
  exportFormat,
  exportLists,
  exportParts,
  exportVersion,
  listPath,
  type Manifest,
  manifestPath,
  noExportCounts,
  partPath,
} from './layout.ts'

import { linesOf } from './lines.ts'
import { dayOf, eventOf, planOf, positionsOf, samplesOf, sessionOf, suppressionOf } from './parse-line.ts'

/** Rows of one step: days and events are small. */
const pieceRows = 5_000
const mostManifest = 4_000_000
const mostSources = 10_000

const partNames = /^(samples|days|events|positions|sessions)\/\d+\.ndjson$/

export const ownExport: ArchiveReader = {
  format: exportFormat,
  title: 'Tributary export',
  async recognises(entries, head) {
    const manifest = entries.find(({ path }) => path === manifestPath)
    if (!manifest) return false
    return /^\s*\{\s*"format"\s*:\s*"tributary"/.test(Buffer.from(await head(manifest)).toString('utf8'))
  },
  claims: (path) =>
    path === manifestPath ||
    partNames.test(path) ||
    exportLists.some((list) => path === listPath(list)) ||
    isFile(path),
  keeps: isFile,
  read: readExport,
  replay,
}

function isFile(path: string): boolean {
  return path.startsWith('files/')
}

/** One line, as if a part held it alone. */
function replay(raw: string, { now }: ReadOptions): Piece {
  const { where, text } = openKept(raw)
  const part = exportParts.find((name) => name === where['part'])
  if (!part) {
    if (exportLists.some((name) => name === where['part']))
      throw new FormatError(
        'list_by_itself',
        'a plan, or what stays deleted, is read only with its archive: import that again',
      )
    throw new FormatError('raw_broken', 'the record does not say of which part of the archive it is')
  }
  try {
    const { readings, sessions } = foundIn(part, text, 0, timeCheck(now))
    const source = { key: '', name: '' } // known to the one who kept it
    return {
      source,
      readings,
      sessions: sessions.map(({ session }) => session),
      unusable: [],
      progress: { bytes: 0, records: 1 },
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new FormatError('line_unreadable', `${part}: ${error.message}`, error)
  }
}

async function* readExport({ entries, now }: ArchiveInput): Pieces {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]))
  const manifest = await readManifest(byPath.get(manifestPath))
  const reading = new Reading(timeCheck(now))
  const sources = manifest.sources.map(sourceOf)
  for (const [number, source] of sources.entries())
    for (const part of exportParts) {
      const entry = byPath.get(partPath(part, number))
      if (entry) yield* reading.part(part, entry, source)
    }
  for (const list of exportLists) {
    const entry = byPath.get(listPath(list))
    if (entry) yield* reading.list(list, entry, sources)
  }
  reading.counts.files = entries.filter(({ path }) => isFile(path)).length
  for (const part of [...exportParts, ...exportLists, 'files'] as const)
    if (manifest.counts[part] !== undefined && reading.counts[part] !== manifest.counts[part])
      reading.losses.warn(
        'counts_differ',
        `The archive says it has ${manifest.counts[part]} ${part}, but ${reading.counts[part]} were found`,
      )
  const { rejected, rejectedByCode, warnings, unused } = reading.losses
  return { format: exportFormat, records: reading.records, rejected, rejectedByCode, warnings, unused }
}

/** What has been read so far, over all parts. */
class Reading {
  readonly losses = new Losses()
  readonly counts: ExportCounts = noExportCounts()
  records = 0
  readonly #time: TimeCheck
  #bytes = 0

  constructor(time: TimeCheck) {
    this.#time = time
  }

  async *part(part: ExportPart, entry: ArchiveEntry, source: PieceSource): AsyncGenerator<Piece> {
    let piece = emptyPiece()
    let weight = 0
    const most = part === 'samples' || part === 'sessions' ? pieceValues : pieceRows
    const before = this.#bytes
    const take = () => {
      const { told, ...rest } = piece
      const restored = told.length ? { restored: { ...nothingRestored(), sessions: told } } : {}
      const whole: Piece = { source, ...rest, ...restored, progress: { bytes: this.#bytes, records: this.records } }
      piece = emptyPiece()
      return whole
    }
    for await (const { text, index, bytes, tooLong } of linesOf(entry)) {
      this.#bytes = before + bytes
      const found = this.#line(part, text, index, tooLong, piece.unusable)
      if (!found) continue
      if (weight && weight + found.weight > most) {
        yield take()
        weight = 0
      }
      weight += found.weight
      piece.readings.push(...found.readings)
      for (const { session, restored } of found.sessions) {
        piece.sessions.push(session)
        piece.told.push(restored)
      }
    }
    this.#bytes = before + entry.size
    if (weight || piece.unusable.length) yield take()
  }

  /** Rows of no source: few, and small. */
  async *list(list: ExportList, entry: ArchiveEntry, sources: readonly PieceSource[]): AsyncGenerator<Piece> {
    const before = this.#bytes
    let restored = nothingRestored()
    let unusable: Unusable[] = []
    const take = (): Piece => {
      const progress = { bytes: this.#bytes, records: this.records }
      const whole = { source: noSource, readings: [], sessions: [], unusable, restored, progress }
      restored = nothingRestored()
      unusable = []
      return whole
    }
    for await (const { text, index, bytes, tooLong } of linesOf(entry)) {
      this.#bytes = before + bytes
      this.#attempt(list, text, index, tooLong, unusable, () => {
        if (list === 'suppressions') restored.suppressions.push(suppressionOf(text, sources))
        else restored.plans.push(planOf(text, sources))
        this.counts[list]++
        this.records++
      })
      if (restored.plans.length + restored.suppressions.length + unusable.length >= pieceRows) yield take()
    }
    this.#bytes = before + entry.size
    if (restored.plans.length + restored.suppressions.length + unusable.length) yield take()
  }

  #line(part: ExportPart, text: string, index: number, tooLong: boolean, unusable: Unusable[]): Found | undefined {
    return this.#attempt(part, text, index, tooLong, unusable, () => {
      const found = foundIn(part, text, index, this.#time)
      this.counts[part] += found.count
      this.records += found.count
      return found
    })
  }

  #attempt<T>(
    part: ExportPart | ExportList,
    text: string,
    index: number,
    tooLong: boolean,
    unusable: Unusable[],
    read: () => T,
  ): T | undefined {
    try {
      if (tooLong) throw new RangeError('a line is too long')
      return read()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const loss = { index, code: 'line_unreadable', detail: `${part}: ${error.message}` }
      this.losses.reject(loss.index, loss.code, loss.detail)
      unusable.push({ ...loss, raw: keptRecord({ part }, text) })
      return undefined
    }
  }
}

interface Found {
  readings: Measured[]
  sessions: { session: SessionReading; restored: RestoredSession }[]
  /** As the manifest counts. */
  count: number
  /** How much of a piece it fills. */
  weight: number
}

function foundIn(part: ExportPart, text: string, index: number, time: TimeCheck): Found {
  if (part === 'samples') {
    const readings = samplesOf(text, time)
    const count = readings.reduce((sum, reading) => sum + valuesOf(reading), 0)
    return { readings, sessions: [], count, weight: count }
  }
  if (part === 'sessions') {
    const found = sessionOf(text, time)
    return { readings: [], sessions: [found], count: 1, weight: weightOfSession(found.session) }
  }
  const reading =
    part === 'days' ? dayOf(text, index) : part === 'events' ? eventOf(text, index, time) : positionsOf(text, time)
  const count = valuesOf(reading)
  return { readings: [reading], sessions: [], count, weight: count }
}

const emptyPiece = () => ({
  readings: [] as Measured[],
  sessions: [] as SessionReading[],
  unusable: [] as Unusable[],
  told: [] as RestoredSession[],
})

const nothingRestored = (): Restored => ({ sessions: [], plans: [], suppressions: [] })
const noSource: PieceSource = { key: exportFormat, name: 'Tributary' }

function valuesOf(reading: Measured): number {
  if (reading.kind === 'series') return reading.t.length
  return reading.kind === 'positions' ? reading.track.t.length : 1
}

const weightOfSession = ({ parts, track, streams = {} }: SessionReading): number =>
  100 + parts.length + (track?.t.length ?? 0) + Object.values(streams).reduce((sum, { t }) => sum + t.length, 0)

async function readManifest(entry: ArchiveEntry | undefined): Promise<Manifest> {
  if (!entry) throw new FormatError('manifest_missing', 'the archive has no manifest.json: was it written to its end?')
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of entry.chunks()) {
    bytes += chunk.length
    if (bytes > mostManifest) throw new FormatError('manifest_broken', 'the manifest is too long')
    chunks.push(chunk)
  }
  const manifest = parseManifest(Buffer.concat(chunks).toString('utf8'))
  if (manifest.version > exportVersion)
    throw new FormatError(
      'version_newer',
      `the archive is of version ${manifest.version}, which a newer Tributary wrote: update this one`,
    )
  return manifest
}

function parseManifest(text: string): Manifest {
  let manifest: Partial<Manifest> | null
  try {
    manifest = JSON.parse(text) as Partial<Manifest> | null
  } catch (error) {
    throw new FormatError('manifest_broken', 'the manifest of the archive is not JSON', error)
  }
  const { format, version, sources, counts } = manifest ?? {}
  const isSound =
    format === exportFormat &&
    typeof version === 'number' &&
    Array.isArray(sources) &&
    sources.length <= mostSources &&
    sources.every((source) => typeof source?.key === 'string' && source.key && typeof source.name === 'string') &&
    typeof counts === 'object' &&
    counts !== null
  if (!isSound)
    throw new FormatError('manifest_broken', 'the manifest of the archive lacks something that every export has')
  return manifest as Manifest
}

function sourceOf(given: ExportSource): PieceSource {
  const { key, name, manufacturer, model, serial, firmware, app, kind, archive, external_key, device_type } = given
  const said = (value: unknown) => typeof value === 'string' && value !== ''
  return {
    key: key.slice(0, 200),
    name: name.slice(0, 200),
    ...(said(manufacturer) && { manufacturer: manufacturer as string }),
    ...(said(model) && { model: model as string }),
    ...(said(serial) && { serial: serial as string }),
    ...(said(firmware) && { firmware: firmware as string }),
    ...(said(app) && { app: app as string }),
    ...(said(kind) && {
      was: {
        kind,
        ...(said(archive) && { archive: archive as string }),
        ...(said(external_key) && { key: external_key as string }),
        ...(said(device_type) && { deviceType: device_type as string }),
      },
    }),
  }
}
