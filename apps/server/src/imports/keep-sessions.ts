/** The sessions of a file into their tables, in the transaction that says what became of the file. */
import { createHash } from 'node:crypto'
import type { RestoredSession } from '@tributary/formats'
import { isActivity, type SessionReading, type Stream } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../platform/db/database.ts'
import { encode } from '../platform/samples/codec.ts'
import { pointsOf } from '../platform/samples/points.ts'
import { isNap } from '../platform/sessions/nap.ts'
import { findTimeZone, lockSessions, type Span } from '../platform/sessions/records.queries.ts'
import { settleSessions } from '../platform/sessions/settle.ts'
import { covers, type Suppression } from '../platform/suppressions/suppression.ts'
import { addSuppressed, listOfSource } from '../platform/suppressions/suppressions.queries.ts'
import { encodeTrack } from '../platform/tracks/track-codec.ts'
import {
  clearSession,
  findSession,
  insertParts,
  insertStream,
  insertTrack,
  lockSource,
  noteFile,
  putOwnWords,
  putSession,
} from './sessions.queries.ts'

export interface SessionOrigin {
  userId: string
  sourceId: string
  /** Null for sessions that came in no file: demo data, records used out of quarantine. */
  fileId: string | null
  importId: string | null
  fileName: string | null
  /** What kind of file or archive it is. */
  format: string
}

export interface KeptSessions {
  sessionIds: string[]
  /** How many are new, or other than they were. */
  written: number
  /** How many the person had deleted and does not want back. */
  suppressed: number
}

/** What our own export says beside a session; `fileId`: under which its file is stored here. */
export type Told = Omit<RestoredSession, 'file'> & { fileId: string | null }

export type KeepSessions = typeof keepSessions

export async function keepSessions(
  tx: Write,
  origin: SessionOrigin,
  sessions: readonly SessionReading[],
  restored: readonly Told[] = [],
): Promise<KeptSessions> {
  const { userId, sourceId, fileId } = origin
  const kept: KeptSessions = { sessionIds: [], written: 0, suppressed: 0 }
  if (!sessions.length) return kept
  await lockSource(tx, userId, sourceId)
  await lockSessions(tx, userId)
  const timeZone = await findTimeZone(tx, userId)
  const unwanted = await listOfSource(tx, userId, sourceId)
  const keptAway = new Map<string, number>()
  const toldOf = new Map(restored.map((told) => [told.externalId, told]))
  const changed: Span[] = []
  for (const session of sessions) {
    const known = await findSession(tx, userId, sourceId, session.externalId)
    const suppression = unwanted.find((one) => isSuppressed(one, session))
    if (suppression) {
      kept.suppressed++
      keptAway.set(suppression.id, (keptAway.get(suppression.id) ?? 0) + 1)
      continue
    }
    const told = toldOf.get(session.externalId)
    const sessionId = known?.session_id ?? uuidv7()
    kept.sessionIds.push(sessionId)
    const live = known && !known.deleted_at ? known : undefined
    if (live && fileId && live.file_id === fileId) continue // the very same bytes said so before
    if (live && told && isKnown(live.content_hash, told)) continue // and what the person made of it since stays
    const contentHash = told?.hash === undefined ? hashOf(session) : hashIn(told)
    if (contentHash && live?.content_hash?.equals(contentHash)) {
      await noteFile(tx, sessionId, origin)
      continue
    }
    if (live) changed.push({ type: live.type, start: live.start_at.getTime(), end: live.end_at.getTime() })
    if (known) await clearSession(tx, userId, sessionId)
    const from = told?.hash === undefined ? origin : { ...origin, ...placeOf(told) }
    await writeSession(tx, sessionId, from, told && known ? unedited(session, told) : session, contentHash, timeZone)
    if (told && !known) await putOwnWords(tx, userId, sessionId, told)
    changed.push({ type: session.type, start: session.start, end: session.end })
    kept.written++
  }
  await addSuppressed(tx, userId, keptAway)
  await settleSessions(tx, userId, changed)
  return kept
}

/** Where nobody keeps a hash it is the person's own, or told live: what is here is the newer word. */
const isKnown = (hash: Buffer | null, told: Told): boolean =>
  told.hash === null || (hash !== null && hashIn(told)?.equals(hash) === true)

const hashIn = ({ hash }: Told): Buffer | null => (typeof hash === 'string' ? Buffer.from(hash, 'hex') : null)

const placeOf = ({ fileId, fileName, format }: Told) => ({ fileId, fileName, format })

/** As its source said it. */
function unedited(session: SessionReading, { edits }: Told): SessionReading {
  const { title = session.title, activity = session.activity, totals = {} } = edits ?? {}
  const { title: _title, activity: _activity, ...rest } = session
  const figures = Object.entries({ ...session.totals, ...totals }).filter(([, value]) => value !== null)
  return {
    ...rest,
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof activity === 'string' && isActivity(activity) ? { activity } : {}),
    totals: Object.fromEntries(figures) as Record<string, number>,
  }
}

/** A session of its own, or one of a stretch in which everything, or all sleep, was deleted. */
function isSuppressed(suppression: Suppression, { type, start, externalId }: SessionReading): boolean {
  const named = suppression.externalId !== null && suppression.metric === null
  return covers(suppression, { metric: type, at: start, externalId }) && (named || suppression.externalId === null)
}

async function writeSession(
  tx: Write,
  sessionId: string,
  origin: Omit<SessionOrigin, 'format'> & { format: string | null },
  session: SessionReading,
  contentHash: Buffer | null,
  timeZone: string,
): Promise<void> {
  const { userId, sourceId } = origin
  await putSession(tx, {
    ...origin,
    sessionId,
    contentHash,
    externalId: session.externalId,
    type: session.type,
    isNap:
      session.type === 'sleep' && (session.isNap ?? isNap({ ...session, offset: session.offset ?? null }, timeZone)),
    activity: session.activity ?? null,
    title: session.title ?? null,
    start: new Date(session.start),
    end: new Date(session.end),
    utcOffsetMinutes: session.offset ?? null,
    totals: session.totals,
    derived: session.derived ?? [],
    activityData: { ...session.extra, ...(session.offsetFrom && { offset_from: session.offsetFrom }) },
  })
  if (session.parts.length) await insertParts(tx, userId, sessionId, session.parts)
  const { track, streams = {} } = session
  if (track?.t.length) {
    const [start, end] = rangeOf(track.t)
    await insertTrack(tx, { userId, sessionId, sourceId, start, end, n: track.t.length, data: encodeTrack(track) })
  }
  for (const [stream, columns] of Object.entries(streams))
    if (columns.t.length)
      await insertStream(tx, { userId, sessionId, stream, n: columns.t.length, data: encodeStream(columns) })
}

/** Columns of numbers by their bytes: written out as JSON they would be twenty times as long. */
function hashOf({ track, streams = {}, ...told }: SessionReading): Buffer {
  const hash = createHash('sha256').update(JSON.stringify(told))
  const add = (name: string, values: Float64Array | undefined) => values && hash.update(`\n${name} `).update(values)
  if (track) for (const column of ['t', 'lat', 'lon', 'ele'] as const) add(column, track[column])
  for (const [name, { t, v }] of Object.entries(streams)) {
    add(name, t)
    add(name, v)
  }
  return hash.digest()
}

/** Times in whole milliseconds, as the codec wants them. */
const encodeStream = ({ t, v }: Stream): Buffer => encode(pointsOf(t.map(Math.round), v))

/** Not `Math.min(...t)`: a way may have more points than a call has arguments. */
function rangeOf(t: Float64Array): [start: Date, end: Date] {
  const least = t.reduce((a, b) => Math.min(a, b))
  const most = t.reduce((a, b) => Math.max(a, b))
  return [new Date(least), new Date(most)]
}
