/** The sessions of a file into their tables, in the transaction that says what became of the file. */
import { createHash } from 'node:crypto'
import type { SessionReading, Stream } from '@tributary/protocol'
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
  clearSessions,
  findSessions,
  insertParts,
  insertStream,
  insertTrack,
  lockSource,
  noteFile,
  putSessions,
  type SessionRow,
} from './sessions.queries.ts'

/** Sessions in one statement. */
const together = 200

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

export type KeepSessions = typeof keepSessions

export async function keepSessions(
  tx: Write,
  origin: SessionOrigin,
  sessions: readonly SessionReading[],
): Promise<KeptSessions> {
  const { userId, sourceId, fileId } = origin
  const kept: KeptSessions = { sessionIds: [], written: 0, suppressed: 0 }
  if (!sessions.length) return kept
  await lockSource(tx, userId, sourceId)
  await lockSessions(tx, userId)
  const timeZone = await findTimeZone(tx, userId)
  const unwanted = await listOfSource(tx, userId, sourceId)
  const keptAway = new Map<string, number>()
  const changed: Span[] = []
  for (const some of slicesOf(sessions)) {
    const known = await findSessions(
      tx,
      userId,
      sourceId,
      some.map((session) => session.externalId),
    )
    const written: WrittenSession[] = []
    const said: string[] = []
    for (const session of some) {
      const stored = known.get(session.externalId)
      const suppression = unwanted.find((one) => isSuppressed(one, session))
      if (suppression) {
        kept.suppressed++
        keptAway.set(suppression.id, (keptAway.get(suppression.id) ?? 0) + 1)
        continue
      }
      const sessionId = stored?.session_id ?? uuidv7()
      kept.sessionIds.push(sessionId)
      const live = stored && !stored.deleted_at ? stored : undefined
      if (live && fileId && live.file_id === fileId) continue // the very same bytes said so before
      const contentHash = hashOf(session)
      if (live?.content_hash?.equals(contentHash)) {
        said.push(sessionId)
        continue
      }
      if (live) changed.push({ type: live.type, start: live.start_at.getTime(), end: live.end_at.getTime() })
      written.push({ sessionId, session, contentHash, isKnown: stored !== undefined })
      changed.push({ type: session.type, start: session.start, end: session.end })
      kept.written++
    }
    if (said.length) await noteFile(tx, said, origin)
    if (written.length) await writeSessions(tx, origin, written, timeZone)
  }
  await addSuppressed(tx, userId, keptAway)
  await settleSessions(tx, userId, changed)
  return kept
}

/** So many that a statement is cheap for each; one that comes again begins anew, because it must find what was written of it. */
function* slicesOf(sessions: readonly SessionReading[]): Generator<SessionReading[]> {
  let some: SessionReading[] = []
  const ids = new Set<string>()
  for (const session of sessions) {
    if (some.length >= together || ids.has(session.externalId)) {
      yield some
      some = []
      ids.clear()
    }
    some.push(session)
    ids.add(session.externalId)
  }
  if (some.length) yield some
}

/** A session of its own, or one of a stretch in which everything, or all sleep, was deleted. */
function isSuppressed(suppression: Suppression, { type, start, externalId }: SessionReading): boolean {
  const named = suppression.externalId !== null && suppression.metric === null
  return covers(suppression, { metric: type, at: start, externalId }) && (named || suppression.externalId === null)
}

interface WrittenSession {
  sessionId: string
  session: SessionReading
  contentHash: Buffer
  /** It has a row, and perhaps parts. */
  isKnown: boolean
}

async function writeSessions(
  tx: Write,
  origin: SessionOrigin,
  written: readonly WrittenSession[],
  timeZone: string,
): Promise<void> {
  const { userId, sourceId } = origin
  const known = written.filter(({ isKnown }) => isKnown).map(({ sessionId }) => sessionId)
  if (known.length) await clearSessions(tx, userId, known)
  await putSessions(
    tx,
    origin,
    written.map((one) => rowOf(one, timeZone)),
  )
  await insertParts(
    tx,
    userId,
    written.map(({ sessionId, session: { parts } }) => ({ sessionId, parts })),
  )
  for (const { sessionId, session } of written) {
    const { track, streams = {} } = session
    if (track?.t.length) {
      const [start, end] = rangeOf(track.t)
      await insertTrack(tx, { userId, sessionId, sourceId, start, end, n: track.t.length, data: encodeTrack(track) })
    }
    for (const [stream, columns] of Object.entries(streams))
      if (columns.t.length)
        await insertStream(tx, { userId, sessionId, stream, n: columns.t.length, data: encodeStream(columns) })
  }
}

const rowOf = ({ sessionId, session, contentHash }: WrittenSession, timeZone: string): SessionRow => ({
  sessionId,
  contentHash,
  externalId: session.externalId,
  type: session.type,
  isNap: session.type === 'sleep' && (session.isNap ?? isNap({ ...session, offset: session.offset ?? null }, timeZone)),
  activity: session.activity ?? null,
  title: session.title ?? null,
  start: new Date(session.start),
  end: new Date(session.end),
  utcOffsetMinutes: session.offset ?? null,
  totals: session.totals,
  derived: session.derived ?? [],
  activityData: { ...session.extra, ...(session.offsetFrom && { offset_from: session.offsetFrom }) },
})

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
