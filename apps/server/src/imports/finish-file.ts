/** A file's last word, in one transaction with its sessions. Whoever does not hold the import any more writes nothing. */
import type { ParsedFile } from '@tributary/formats'
import type { Write } from '../platform/db/database.ts'
import { cleanText } from './clean-text.ts'
import type { Edges } from './edges.ts'
import type { FileJob } from './import-file.ts'
import { type KeptSessions, keepSessions } from './keep-sessions.ts'
import type { Refusal } from './parse-file.ts'
import { assertHeld, type FileResult, putResult } from './queue.queries.ts'
import { noteDeviceSeen } from './source.queries.ts'
import type { StepRow } from './steps.queries.ts'
import { countSteps, listedRejections } from './store-readings.ts'

export async function finishFile(
  { db, clock }: Edges,
  { held, file }: FileJob,
  parsed: ParsedFile,
  sourceId: string,
): Promise<void> {
  const { userId, importId } = held
  await db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    await noteLastSeen(tx, userId, sourceId, parsed, clock.now())
    const origin = { userId, sourceId, fileId: file.file_id, importId, fileName: file.name, format: parsed.format }
    const sessions = await keepSessions(tx, origin, parsed.sessions)
    const counts = await countSteps(tx, held, file.position)
    await putResult(tx, held, file.position, resultOf(parsed, sessions, counts))
  })
}

function resultOf(parsed: ParsedFile, { sessionIds, written, suppressed }: KeptSessions, counts: StepRow): FileResult {
  const { accepted, changed, duplicates } = counts
  const lost = Object.values(parsed.rejectedByCode).reduce((sum, n) => sum + n, 0)
  const isEmpty = accepted + changed + duplicates + sessionIds.length + suppressed === 0
  const isKnown = accepted + changed + written === 0
  return {
    status: isEmpty ? 'failed' : isKnown ? 'duplicate' : isDamaged(parsed) ? 'partial' : 'done',
    format: parsed.format,
    records: parsed.records,
    samples: accepted,
    changed,
    duplicates,
    sessions: written,
    sessionIds,
    rejected: lost + counts.rejected,
    rejections: [...parsed.rejected, ...counts.rejections].slice(0, listedRejections),
    warnings: [...parsed.warnings, ...notesOnUnused(parsed), ...noteOnSuppressed(suppressed)],
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

function noteOnSuppressed(n: number) {
  if (!n) return []
  const what = n === 1 ? 'A session was' : `${n} sessions were`
  return [{ code: 'suppressed', detail: `${what} left out, because you deleted it before; lift that to have it back` }]
}

/** Its reason in words, and no more of it. */
export async function failFile({ db }: Edges, { held, file }: FileJob, { detail }: Refusal): Promise<void> {
  await db.asWriter(async (tx) => {
    await assertHeld(tx, held)
    await putResult(tx, held, file.position, { ...nothing, status: 'failed', reason: cleanText(detail) })
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
