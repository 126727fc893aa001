/** A file's last word, in one transaction with the sessions of a recorded activity. Whoever does not hold the import any more writes nothing. */
import type { Ending, ParsedFile, Warning } from '@tributary/formats'
import type { Write } from '../platform/db/database.ts'
import { insertRecords } from '../platform/quarantine/quarantine.queries.ts'
import { recordOfSession } from '../platform/quarantine/refused-values.ts'
import { cleanText } from '../platform/readings/clean-text.ts'
import { type KeptSessions, keepSessions } from '../platform/sessions/keep-sessions.ts'
import { lossesOf } from '../platform/sessions/sound-sessions.ts'
import { timesRepeated } from './clean-read.ts'
import { headerHash } from './csv-mapping.ts'
import { hasMapping } from './csv-mappings.queries.ts'
import type { Edges } from './edges.ts'
import type { FileJob } from './import-file.ts'
import type { Refusal } from './parse-file.ts'
import { assertHeld, type FileResult, noteHeader, putResult, readDeleted } from './queue.queries.ts'
import { mostQuarantined } from './refused.ts'
import { noteDeviceSeen } from './source.queries.ts'
import type { StepRow } from './steps.queries.ts'
import type { StoredActivity } from './store-activities.ts'
import { countSteps, listedRejections } from './store-readings.ts'
import type { PieceTaker } from './take-pieces.ts'

export async function finishActivities({ db, clock }: Edges, activities: readonly StoredActivity[]): Promise<void> {
  await db.asWriter(async (tx) => {
    for (const activity of activities) await finishActivity(tx, activity, clock.now())
  })
}

async function finishActivity(tx: Write, { job, parsed, sourceId, room }: StoredActivity, now: number): Promise<void> {
  const { held, file } = job
  const { userId, importId } = held
  await assertHeld(tx, held)
  await noteLastSeen(tx, userId, sourceId, parsed, now)
  const origin = { userId, sourceId, fileId: file.file_id, importId, fileName: file.name, format: parsed.format }
  const sessions = await keepSessions(tx, origin, parsed.sessions)
  const records = room.take(sessions.refused).map((one) => recordOfSession(one, sourceId))
  const place = { userId, importId, position: file.position, fileName: file.name, format: parsed.format }
  if (records.length) await insertRecords(tx, place, records)
  const counts = await countSteps(tx, held, file.position)
  const result = resultOf(parsed, withSessions(counts, sessions), 0)
  await putResult(tx, held, file.position, {
    ...result,
    warnings: [...result.warnings, ...notesOnQuarantine(room.overflow)],
  })
}

function withSessions(counts: StepRow, kept: KeptSessions): StepRow {
  const losses = lossesOf(kept)
  return {
    ...counts,
    suppressed: counts.suppressed + kept.suppressed,
    sessions: kept.written,
    session_ids: kept.sessionIds,
    rejected: counts.rejected + losses.length,
    rejections: [...counts.rejections, ...losses],
  }
}

/** Of a file that was stored while it was read. */
export async function finishPieces(
  { db }: Edges,
  { held, file }: FileJob,
  { ending, taken }: { ending: Ending; taken: number },
  pieces: PieceTaker,
): Promise<void> {
  await db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    const counts = await countSteps(tx, held, file.position)
    const deleted = await readDeleted(tx, held, file.position)
    const result = resultOf(cleanText(ending), counts, deleted + taken)
    await putResult(tx, held, file.position, {
      ...result,
      warnings: [...result.warnings, ...notesOnTaken(taken), ...notesOf(pieces)],
    })
  })
}

const notesOf = ({ repeated, overflow }: PieceTaker): Warning[] => [
  ...timesRepeated(repeated),
  ...notesOnQuarantine(overflow),
]

/** `more`: what the file did besides adding; with it an export that adds nothing is no duplicate, and one without values no failure. */
function resultOf(
  read: Omit<ParsedFile, 'sessions' | 'readings' | 'source' | 'format'> & { format: string },
  counts: StepRow,
  more: number,
): FileResult {
  const { accepted, changed, duplicates, suppressed, sessions, session_ids: sessionIds } = counts
  const lost = Object.values(read.rejectedByCode).reduce((sum, n) => sum + n, 0)
  const isEmpty = accepted + changed + duplicates + suppressed + sessionIds.length + more === 0
  const isKnown = accepted + changed + sessions + more === 0
  return {
    status: isEmpty ? 'failed' : isKnown ? 'duplicate' : isDamaged(read.warnings) ? 'partial' : 'done',
    format: read.format,
    records: read.records,
    samples: accepted,
    changed,
    duplicates,
    sessions,
    sessionIds,
    rejected: lost + counts.rejected,
    rejections: [...read.rejected, ...counts.rejections].slice(0, listedRejections),
    warnings: [...read.warnings, ...notesOnUnused(read), ...notesOnSuppressed(suppressed)],
    reason: isEmpty ? 'None of its values could be kept' : null,
  }
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
  'json_broken',
  'trailing_bytes',
  'data_size_wrong',
  'part_skipped',
  'zip_entry_damaged',
])

const isDamaged = (warnings: readonly Warning[]): boolean => warnings.some(({ code }) => damages.has(code))

/** What has no meaning to us is named, so that nobody wonders where it went; the file itself keeps it. */
function notesOnUnused({ unused }: Pick<ParsedFile, 'unused'>): Warning[] {
  if (!unused.length) return []
  const names = unused.slice(0, 20).map(({ name }) => name)
  const more = unused.length > names.length ? ` and ${unused.length - names.length} more` : ''
  return [{ code: 'fields_unused', detail: `Kept only in the original file: ${names.join(', ')}${more}` }]
}

function notesOnSuppressed(n: number): Warning[] {
  if (!n) return []
  const what = n === 1 ? 'A value or session was' : `${n} values and sessions were`
  return [{ code: 'suppressed', detail: `${what} left out, because you deleted it before; lift that to have it back` }]
}

const notesOnTaken = (taken: number): Warning[] =>
  taken ? [{ code: 'files_taken_out', detail: `${taken} files inside were taken out and are read by themselves` }] : []

const notesOnQuarantine = (overflow: number): Warning[] =>
  overflow
    ? [
        {
          code: 'quarantine_full',
          detail: `${mostQuarantined} records that could not be used are kept to be tried again, and ${overflow} more are only counted`,
        },
      ]
    : []

/** An archive of many files is done when they have their rows. */
export async function finishTakenOut({ db }: Edges, { held, file }: FileJob, taken: number): Promise<void> {
  await db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    await putResult(tx, held, file.position, {
      ...nothing,
      status: 'done',
      format: 'zip',
      warnings: notesOnTaken(taken),
    })
  })
}

/** A table whose columns somebody has to name first. */
export async function waitForMapping(
  { db }: Edges,
  { held, file }: FileJob,
  columns: readonly string[],
): Promise<void> {
  const reason = 'Nobody has said yet what the columns of this table are'
  await db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    const hash = headerHash(columns)
    if (await hasMapping(tx, held.userId, hash)) return // said meanwhile: it stays in the queue, and is read with it
    await putResult(tx, held, file.position, { ...nothing, status: 'waiting', format: 'csv', reason })
    await noteHeader(tx, held, file.position, hash)
  })
}

/** Its reason in words. What was stored before its reader gave up is kept and counted. */
export const failFile = (
  edges: Edges,
  job: FileJob,
  refused: Pick<Refusal, 'detail'>,
  pieces?: PieceTaker,
): Promise<void> => failFiles(edges, [{ job, refused, ...(pieces && { pieces }) }])

export interface FailedFile {
  job: FileJob
  refused: Pick<Refusal, 'detail'>
  pieces?: PieceTaker
}

/** Of one import, in one transaction: an archive may hold thousands that are no activities. */
export async function failFiles({ db }: Edges, files: readonly FailedFile[]): Promise<void> {
  await db.asWriter(async (tx) => {
    for (const file of files) await failOne(tx, file)
  })
}

async function failOne(tx: Write, { job: { held, file }, refused, pieces }: FailedFile): Promise<void> {
  await assertHeld(tx, held)
  const counts = await countSteps(tx, held, file.position)
  const isSome = counts.accepted + counts.changed + counts.duplicates + counts.session_ids.length > 0
  await putResult(tx, held, file.position, {
    ...nothing,
    status: isSome ? 'partial' : 'failed',
    records: pieces?.records ?? 0,
    samples: counts.accepted,
    changed: counts.changed,
    duplicates: counts.duplicates,
    sessions: counts.sessions,
    sessionIds: counts.session_ids,
    rejected: counts.rejected,
    rejections: counts.rejections.slice(0, listedRejections),
    warnings: pieces ? notesOf(pieces) : [],
    reason: cleanText(refused.detail),
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
