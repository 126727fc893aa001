/**
 * What a file is, by its content, and who reads it: an archive whose parts belong together, a kind of file that is read piece by
 * piece, a recorded activity, or an archive of files to be taken out and read by themselves. `.gz` of any of them is unpacked here.
 */

import type { Transferable } from 'node:worker_threads'
import {
  type ArchiveEntry,
  type ArchiveReader,
  archiveReaders,
  capped,
  type Ending,
  FormatError,
  fileReaders,
  gunzipped,
  headerKey,
  openZip,
  type Pieces,
  parseActivity,
  type ReadOptions,
  readCsv,
  sniff,
  sniffCsv,
  sniffLength,
  spool,
} from '@tributary/formats'
import { type Line, readBytes } from './ask-main.ts'
import { buffersOf } from './moved-buffers.ts'
import type { ParseOutcome, ParseTask } from './thread-messages.ts'

/** A ZIP in a ZIP is taken apart, one in that is not. */
const mostDepth = 1
const mostEntryBytes = 2_000_000_000
const mostBytes = 20_000_000_000

export async function readAnyFile(line: Line, task: ParseTask): Promise<ParseOutcome> {
  if (line.size === 0) throw new FormatError('empty', 'the file is empty')
  const head = await line.head(sniffLength)
  const kind = sniff(head)
  if (kind === 'zip') return readArchive(line, task)
  return kind === 'gzip' ? readPacked(line, task) : readPlain(line, task, head, () => line.chunks())
}

async function readPlain(
  line: Line,
  task: ParseTask,
  head: Uint8Array,
  chunks: () => AsyncGenerator<Uint8Array>,
  readAt = (offset: number, length: number) => line.readAt(offset, length),
): Promise<ParseOutcome> {
  const name = task.filename.replace(/\.gz$/i, '')
  const input = { ...optionsOf(task), name, size: line.size, chunks: () => capped(chunks(), mostBytes), readAt }
  const reader = fileReaders.find((reader) => reader.recognises(head, name))
  if (reader) return { ending: await handOver(line, reader.format, reader.read(input)), taken: 0 }
  const table = sniffCsv(head)
  if (!table) return { parsed: await parseActivity(line.chunks(), { filename: task.filename, now: task.now }) }
  const key = headerKey(table.columns)
  const map = task.mappings.find(({ columns }) => columns && headerKey(columns) === key)
  if (!map) return { waiting: { columns: table.columns } }
  return { ending: await handOver(line, 'csv', readCsv(input, map)), taken: 0 }
}

/** Of packed files the head is unpacked for a look; whoever reads them out of order gets them unpacked in memory. */
async function readPacked(line: Line, task: ParseTask): Promise<ParseOutcome> {
  const broke: string[] = []
  const chunks = () => gunzipped(line.chunks(), (reason) => void broke.push(reason))
  const head = await headOf(gunzipped(line.chunks(), () => undefined))
  let whole: ReturnType<typeof spool> | undefined
  const readAt = async (offset: number, length: number) => {
    whole ??= spoolPacked(task.filename, chunks)
    return (await whole).readAt(offset, length)
  }
  const outcome = await readPlain(line, task, head, chunks, readAt)
  if ('ending' in outcome)
    for (const detail of new Set(broke)) outcome.ending.warnings.push({ code: 'gzip_broken', detail })
  return outcome
}

async function headOf(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const seen: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    seen.push(chunk)
    size += chunk.length
    if (size >= sniffLength) break
  }
  return Buffer.concat(seen).subarray(0, sniffLength)
}

/** A first pass tells the size, as the packed file does not. */
async function spoolPacked(path: string, chunks: () => AsyncGenerator<Uint8Array>) {
  let size = 0
  for await (const chunk of chunks()) size += chunk.length
  return spool({ path, size, chunks })
}

async function readArchive(line: Line, task: ParseTask): Promise<ParseOutcome> {
  const entries = await openZip(line)
  const reader = await readerOf(entries)
  const rest = reader ? [...entries.entries()].filter(([, { path }]) => !reader.claims(path)) : [...entries.entries()]
  if (rest.length && task.depth > mostDepth)
    throw new FormatError(
      'nested_too_deep',
      'it is an archive in an archive in an archive; unpack the outer ones and send it by itself',
    )
  const taken = rest.length
  if (!reader) {
    if (!taken) throw new FormatError('empty', 'the archive is empty')
    await takeOut(line, task, rest)
    return { taken }
  }
  const kept = [...entries.entries()].filter(([, { path }]) => reader.keeps?.(path))
  await takeOut(line, task, kept, true)
  const input = { ...optionsOf(task), name: task.filename, entries }
  const ending = await handOver(line, reader.format, reader.read(input))
  await takeOut(line, task, rest)
  return { ending, taken }
}

async function readerOf(entries: readonly ArchiveEntry[]): Promise<ArchiveReader | undefined> {
  const heads = new Map<ArchiveEntry, Promise<Uint8Array>>()
  const head = (entry: ArchiveEntry) => {
    const known = heads.get(entry) ?? headOf(entry.chunks() as AsyncGenerator<Uint8Array>)
    heads.set(entry, known)
    return known
  }
  for (const reader of archiveReaders) if (await reader.recognises(entries, head)) return reader
  return undefined
}

const optionsOf = ({ now, timeZone }: ParseTask): ReadOptions => ({ now, timeZone })

async function handOver(line: Line, format: string, pieces: Pieces): Promise<Ending> {
  for (;;) {
    const next = await pieces.next()
    if (next.done) return next.value
    await line.hand({ piece: next.value, format }, buffersOf(next.value) as Transferable[])
  }
}

async function takeOut(
  line: Line,
  task: ParseTask,
  entries: readonly [number, ArchiveEntry][],
  isKept = false,
): Promise<void> {
  const before = new Set(task.entriesTaken)
  for (const [at, entry] of entries) if (!before.has(at)) await takeOutOne(line, at, entry, isKept)
}

/** In parts as they are stored. What a damaged file still gave is kept, with what is wrong with it. */
async function takeOutOne(
  line: Line,
  entry: number,
  { path, size, chunks }: ArchiveEntry,
  isKept: boolean,
): Promise<void> {
  const say = (data: Uint8Array, isLast: boolean, fault?: { code: string; detail: string }) =>
    line.hand({ part: { entry, path, data, isLast, isKept, ...(fault && { fault }) } }, [data.buffer as ArrayBuffer])
  let held: Uint8Array = new Uint8Array(0)
  try {
    if (size > mostEntryBytes) throw new FormatError('too_large', `the file is larger than ${mostEntryBytes} bytes`)
    for await (const chunk of chunks()) {
      held = held.length ? Buffer.concat([held, chunk]) : chunk
      while (held.length > readBytes) {
        await say(Uint8Array.from(held.subarray(0, readBytes)), false)
        held = held.subarray(readBytes)
      }
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    return say(Uint8Array.from(held), true, { code: error.code, detail: error.detail })
  }
  await say(Uint8Array.from(held), true)
}
