/**
 * One file's journey: its bytes are parsed in a thread, its source is settled, its samples go through the one door in steps,
 * and its sessions and result are written in one last transaction. Killed at any line and begun again, it ends the same:
 *  - parsing has no effects;
 *  - the source, once chosen, stands in the file's row;
 *  - each step of samples brings its own row, so a second writer knows that it is stored and what it counted;
 *  - the last transaction holds the import's row, and with the result in it nobody begins the file again.
 */
import type { ParsedFile } from '@tributary/formats'
import type { Rejection } from '@tributary/protocol'
import type { Write } from '../platform/db/database.ts'
import { cleanText } from './clean-text.ts'
import type { Edges } from './edges.ts'
import { readPart } from './files.queries.ts'
import { keepSessions } from './keep-sessions.ts'
import type { ParseOutcome, Refusal } from './parse-file.ts'
import { assertHeld, type FileResult, finishFile, type Held, noteProgress, type QueuedFile } from './queue.queries.ts'
import { settleSource } from './settle-source.ts'
import { noteDeviceSeen } from './source.queries.ts'
import { countSteps, listedRejections, storeReadings } from './store-readings.ts'

export interface FileJob {
  held: Held
  file: QueuedFile
  signal: AbortSignal
}

export async function importFile(edges: Edges, job: FileJob): Promise<void> {
  const { db, reached } = edges
  const { held, signal } = job
  const { position, file_id: fileId } = job.file
  await reached('claimed')
  const outcome = await parse(edges, job)
  await reached('parsed')
  if ('refused' in outcome) return failFile(edges, job, outcome.refused)
  const parsed = cleanParsed(outcome.parsed)
  const sourceId = await db.asWriter((tx) =>
    settleSource(tx, { held, position, fileId }, parsed, edges.syncIntervalMinutes),
  )
  await storeReadings(edges, { held, position, sourceId }, parsed.readings, signal)
  await reached('stored')
  signal.throwIfAborted()
  await finish(edges, job, parsed, sourceId)
  await reached('finished')
}

/** Its reason in words, and no more of it. */
export async function failFile({ db }: Edges, { held, file }: FileJob, { detail }: Refusal): Promise<void> {
  await db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    await finishFile(tx, held, file.position, { ...nothing, status: 'failed', reason: cleanText(detail) })
  })
}

const nothing = {
  format: null,
  records: 0,
  samples: 0,
  changed: 0,
  duplicates: 0,
  sessions: 0,
  sessionIds: [],
  rejected: 0,
  rejections: [],
  warnings: [],
  reason: null,
} as const

const noteEveryMs = 400

async function parse({ db, parser, clock, log }: Edges, { held, file, signal }: FileJob): Promise<ParseOutcome> {
  let part = 0
  let bytesRead = 0
  let noted = Number.NEGATIVE_INFINITY
  const nextPart = async () => {
    if (clock.now() - noted >= noteEveryMs) {
      await db.asWriter((tx) => noteProgress(tx, held, file.position, bytesRead))
      noted = clock.now()
    }
    if (bytesRead >= file.bytes) return null
    const data = await db.asWriter((tx) => readPart(tx, held.userId, file.file_id, part++))
    if (!data)
      throw new Error(
        `broken assumption: file ${file.file_id} has ${file.bytes} bytes, but part ${part - 1} is missing`,
      )
    bytesRead += data.length
    return Uint8Array.from(data) // a copy that can be handed over: pg's buffers share memory
  }
  const outcome = await parser.parse({ filename: file.name, nextPart }, signal)
  if ('refused' in outcome && outcome.refused.cause)
    log.error({ err: outcome.refused.cause, import: held.importId, file: file.file_id }, 'a file could not be parsed')
  return outcome
}

function cleanParsed(parsed: ParsedFile): ParsedFile {
  return {
    ...parsed,
    readings: parsed.readings.map((reading) => ({ ...reading, t: wholeMs(reading.t) })),
    source: cleanText(parsed.source),
    rejected: cleanText(parsed.rejected),
    warnings: cleanText(parsed.warnings),
    unused: cleanText(parsed.unused),
    sessions: parsed.sessions.map(({ track, streams, ...session }) => ({
      ...cleanText(session),
      ...(track && { track }),
      ...(streams && { streams }),
    })),
  }
}

/** Heart beats come at 1/1024 of a second; the store keeps milliseconds. */
const wholeMs = (t: Float64Array): Float64Array => (t.every(Number.isInteger) ? t : t.map(Math.round))

async function finish(
  { db, clock }: Edges,
  { held, file }: FileJob,
  parsed: ParsedFile,
  sourceId: string,
): Promise<void> {
  const { userId, importId } = held
  await db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    await noteLastSeen(tx, userId, sourceId, parsed, clock.now())
    const origin = { userId, sourceId, fileId: file.file_id, importId, fileName: file.name }
    const sessions = await keepSessions(tx, origin, parsed.sessions)
    const counts = await countSteps(tx, held, file.position)
    const lost = Object.values(parsed.rejectedByCode).reduce((sum, n) => sum + n, 0)
    const isNew = counts.accepted + counts.changed + sessions.written > 0
    await finishFile(tx, held, file.position, {
      status: isNew ? (isDamaged(parsed) ? 'partial' : 'done') : 'duplicate',
      format: parsed.format,
      records: parsed.records,
      samples: counts.accepted,
      changed: counts.changed,
      duplicates: counts.duplicates,
      sessions: sessions.written,
      sessionIds: sessions.sessionIds,
      rejected: lost + counts.rejected,
      rejections: [...parsed.rejected, ...counts.rejections].slice(0, listedRejections) satisfies Rejection[],
      warnings: [...parsed.warnings, ...notesOnUnused(parsed)],
      reason: null,
    } satisfies FileResult)
  })
}

/** Before the source is locked: whoever removes a device takes them in this order as well. */
async function noteLastSeen(
  tx: Write,
  userId: string,
  sourceId: string,
  { sessions }: ParsedFile,
  now: number,
): Promise<void> {
  const end = Math.min(now, Math.max(0, ...sessions.map((session) => session.end)))
  if (end > 0) await noteDeviceSeen(tx, userId, sourceId, new Date(end))
}

/** Warnings which say that bytes of the file are missing or could not be used. */
const damages = new Set([
  'truncated',
  'gzip_broken',
  'crc_mismatch',
  'xml_broken',
  'trailing_bytes',
  'data_size_wrong',
  'part_skipped',
])

const isDamaged = ({ warnings }: ParsedFile): boolean => warnings.some(({ code }) => damages.has(code))

/** What has no meaning to us is named, so that nobody wonders where it went; the file itself keeps it. */
function notesOnUnused({ unused }: ParsedFile) {
  if (!unused.length) return []
  const names = unused.slice(0, 20).map(({ name }) => name)
  const more = unused.length > names.length ? ` and ${unused.length - names.length} more` : ''
  return [{ code: 'fields_unused', detail: `Kept only in the original file: ${names.join(', ')}${more}` }]
}
