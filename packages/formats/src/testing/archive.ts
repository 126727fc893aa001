import type { DayReading, EventReading, SeriesReading, SessionReading } from '@tributary/protocol'
import type { ArchiveInput, ArchiveReader, Ending, FileReader, Piece, Pieces } from '../piece.ts'
import { archiveReaders } from '../readers.ts'
import { openZip } from '../zip/open-zip.ts'
import { fromBytes } from '../zip/spool.ts'
import { zipOf } from './zip.ts'

export const archiveNow = Date.UTC(2026, 10, 20, 12)

export interface Read {
  pieces: Piece[]
  ending: Ending
}

export async function drain(pieces: Pieces): Promise<Read> {
  const all: Piece[] = []
  for (;;) {
    const next = await pieces.next()
    if (next.done) return { pieces: all, ending: next.value }
    all.push(next.value)
  }
}

/** Files packed, opened and read as an upload would be. */
export async function readArchive(
  reader: ArchiveReader,
  files: Record<string, string | Uint8Array>,
  options: Partial<ArchiveInput> = {},
): Promise<Read> {
  const entries = await openZip(fromBytes(zipOf(files)))
  return drain(reader.read({ name: 'export.zip', entries, now: archiveNow, timeZone: 'Europe/Warsaw', ...options }))
}

export function readFile(reader: FileReader, bytes: Uint8Array, timeZone = 'Europe/Warsaw'): Promise<Read> {
  const input = fromBytes(bytes)
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
  }
  return drain(reader.read({ name: 'file', now: archiveNow, timeZone, ...input, chunks }))
}

export function readerOf(format: string): ArchiveReader {
  const reader = archiveReaders.find((one) => one.format === format)
  if (!reader) throw new Error(`no reader ${format}`)
  return reader
}

/** Points of a metric as `[ISO time, value]`, with the length in seconds where there is one. */
export function pointsOf(read: Read, metric: string, key?: string): (readonly (string | number)[])[] {
  return seriesOf(read, metric, key).flatMap((series) =>
    [...series.t].map((t, i) => {
      const seconds = (series.durations?.[i] ?? 0) / 1000
      return [iso(t), series.v[i] as number, ...(seconds ? [seconds] : [])]
    }),
  )
}

export function seriesOf(read: Read, metric: string, key?: string): SeriesReading[] {
  return readingsOf(read, key).filter((one): one is SeriesReading => one.kind === 'series' && one.metric === metric)
}

export function daysOf(read: Read, metric: string): (readonly [string, number])[] {
  const days = readingsOf(read).filter((one): one is DayReading => one.kind === 'day' && one.metric === metric)
  return days.map(({ date, value }) => [date, value])
}

export function eventsOf(read: Read): EventReading[] {
  return readingsOf(read).filter((one): one is EventReading => one.kind === 'event')
}

export function sessionsOf(read: Read): SessionReading[] {
  return read.pieces.flatMap((piece) => piece.sessions)
}

/** `deep 23:10–23:40` in UTC. */
export function stagesOf(session: SessionReading | undefined): string[] {
  const clock = (t: number) => iso(t).slice(11, 16)
  return (session?.parts ?? []).map(({ label, start, end }) => `${label} ${clock(start)}–${clock(end)}`)
}

export function unusedOf(read: Read): Record<string, number> {
  return Object.fromEntries(read.ending.unused.map(({ name, count }) => [name, count]))
}

function iso(t: number): string {
  return new Date(t).toISOString().replace('.000Z', 'Z')
}

function readingsOf(read: Read, key?: string) {
  return read.pieces.filter((piece) => key === undefined || piece.source.key === key).flatMap((piece) => piece.readings)
}

/** What every piece must keep to, whatever the bytes were; empty when it does. */
export function faultsOfPieces({ pieces }: Read, now = archiveNow): string[] {
  const faults: string[] = []
  for (const [i, { readings, sessions, source }] of pieces.entries()) {
    const series = readings.filter((one) => one.kind === 'series')
    if (series.length && (series.length < readings.length || sessions.length))
      faults.push(`piece ${i} mixes series and rows`)
    if (!source.key) faults.push(`piece ${i} has a source without a key`)
    for (const { metric, t, v } of series) {
      if (t.length !== v.length || !t.length) faults.push(`${metric} has ${t.length} times and ${v.length} values`)
      if (t.some((at, row) => at < (t[row - 1] ?? 0))) faults.push(`${metric} is not sorted`)
      if (t.some((at) => !(at >= 0 && at <= now + 86_400_000))) faults.push(`${metric} has an impossible time`)
      if (v.some((value) => !Number.isFinite(value))) faults.push(`${metric} has a value that is no number`)
    }
    for (const session of sessions) {
      if (!(session.end >= session.start)) faults.push(`${session.type} ends before it begins`)
      if (!session.externalId) faults.push(`${session.type} has no id`)
      for (const [name, total] of Object.entries(session.totals))
        if (!Number.isFinite(total)) faults.push(`${name} is ${total}`)
      for (const part of session.parts)
        if (!(part.end >= part.start)) faults.push(`a ${part.kind} ends before it begins`)
    }
  }
  return faults
}

/** The same bytes must always give the same pieces. */
export function fingerprint({ pieces, ending }: Read): string {
  return JSON.stringify([pieces, ending], plainArrays)
}

/**
 * Leaves of a record that the reader neither used nor named: each is changed in turn, and what was read must differ (in its pieces)
 * or its path must stand in `unused`.
 */
export async function silentLeaves(record: unknown, read: (record: unknown) => Promise<Read>): Promise<string[]> {
  const base = await read(record)
  const before = JSON.stringify(base.pieces, plainArrays)
  const named = base.ending.unused.map(({ name }) => name)
  const silent: string[] = []
  for (const path of leafPaths(record)) {
    const name = inRecord(path)
    if (named.some((one) => one.endsWith(` ${name}`))) continue
    const others = [await read(changedAt(record, path, false)), await read(changedAt(record, path, true))]
    if (others.every(({ pieces }) => JSON.stringify(pieces, plainArrays) === before)) silent.push(name)
  }
  return [...new Set(silent)]
}

type Path = (string | number)[]

/** As readers name it: within its record, lists collapsed. */
function inRecord(path: Path): string {
  const first = path.findIndex((step) => typeof step === 'string' && step !== 'Data Points')
  return path
    .slice(first)
    .map((step) => (typeof step === 'number' ? '*' : step))
    .join('.')
}

function* leafPaths(value: unknown, path: Path = []): Generator<Path> {
  if (Array.isArray(value)) for (const [i, inner] of value.entries()) yield* leafPaths(inner, [...path, i])
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* leafPaths(inner, [...path, key])
  else if (path.length) yield path
}

function changedAt(record: unknown, path: Path, isMore: boolean): unknown {
  const copy = structuredClone(record)
  let parent = copy as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>
  const last = path.at(-1) as string | number
  const value = parent[last]
  if (typeof value === 'number') parent[last] = isMore || value <= 0 ? value * 2 + 1 : value - 1
  else if (typeof value === 'boolean') parent[last] = !value
  else if (typeof value === 'string') parent[last] = otherText(value)
  else parent[last] = 'x'
  return copy
}

/** A text of the same kind: the last digit goes up or down by one, else a letter is added. */
function otherText(text: string): string {
  const at = /^\d{16,}$/.test(text) ? 10 : text.search(/\d\D*$/) // nanoseconds: what they are rounded to must change
  if (at < 0) return `${text}x`
  const digit = Number(text[at])
  return text.slice(0, at) + (digit === 0 ? 1 : digit - 1) + text.slice(at + 1)
}

function plainArrays(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as never) : value
}
