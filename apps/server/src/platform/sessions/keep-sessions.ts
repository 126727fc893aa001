/** Sessions into their tables, whatever the door, in the transaction that says what became of what brought them. */
import { createHash, type Hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { RestoredSession } from '@tributary/formats'
import { isActivity, type SessionReading, type Stream, type Track } from '@tributary/protocol'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../db/database.ts'
import { encode } from '../samples/codec.ts'
import { pointsOf } from '../samples/points.ts'
import { covers, type Suppression } from '../suppressions/suppression.ts'
import { addSuppressed, listOfSource } from '../suppressions/suppressions.queries.ts'
import { encodeTrack } from '../tracks/track-codec.ts'
import {
  clearDetail,
  findSessions,
  insertParts,
  insertStream,
  insertTrack,
  type KnownSession,
  lockSource,
  noteFile,
  type OwnWords,
  putOwnWords,
  putSessions,
  type SessionRow,
  type SessionSource,
} from './keep-sessions.queries.ts'
import { isNap } from './nap.ts'
import { findTimeZone, lockSessions, type Span } from './records.queries.ts'
import { settleSessions } from './settle.ts'
import { type LostOfSessions, soundOf } from './sound-sessions.ts'

/** Sessions in one statement. */
const together = 200

export interface SessionOrigin {
  userId: string
  sourceId: string
  /** Null for sessions that came in no file: demo data, records used out of quarantine. */
  fileId: string | null
  importId: string | null
  fileName: string | null
  /** What kind of file or archive it is; null for what came in none. */
  format: string | null
  /**
   * What a new telling lacks stays: title, activity, each total, parts, track and streams. A provider's summary that is corrected knows
   * nothing of the details that another of its answers told, and those may come without the words of the summary.
   */
  keepsDetails?: true
}

export interface KeptSessions extends LostOfSessions {
  sessionIds: string[]
  /** How many are new, or other than they were. */
  written: number
  /** How many of those were there before. */
  changed: number
  /** How many the person had deleted and does not want back. */
  suppressed: number
}

/** What our own export says beside a session; `fileId`: under which its file is stored here. */
export type Told = Omit<RestoredSession, 'file'> & { fileId: string | null }

export async function keepSessions(
  tx: Write,
  origin: SessionOrigin,
  sessions: readonly SessionReading[],
  restored: readonly Told[] = [],
): Promise<KeptSessions> {
  const { userId, sourceId, fileId } = origin
  const toldOf = new Map(restored.map((told) => [told.externalId, told]))
  const { sound, ...lost } = soundOf(sessions, (id) => Object.keys(toldOf.get(id)?.edits?.totals ?? {}))
  const kept: KeptSessions = { sessionIds: [], written: 0, changed: 0, suppressed: 0, ...lost }
  if (!sound.length) return kept
  await lockSource(tx, userId, sourceId)
  await lockSessions(tx, userId)
  const timeZone = await findTimeZone(tx, userId)
  const unwanted = await listOfSource(tx, userId, sourceId)
  const keptAway = new Map<string, number>()
  const changed: Span[] = []
  for (const some of slicesOf(sound)) {
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
      const told = toldOf.get(session.externalId)
      if (live && told && isKnown(live.content_hash, told)) continue // and what the person made of it since stays
      const left = origin.keepsDetails && live ? detailsLeft(session, live.content_hash) : noDetails
      const contentHash = told?.hash === undefined ? hashSaid(origin, session, left) : hashIn(told)
      if (contentHash && live?.content_hash?.equals(contentHash)) {
        said.push(sessionId)
        continue
      }
      const from = told?.hash === undefined ? origin : told
      const asSaid = told && stored ? unedited(session, told) : session
      const row = rowOf(asSaid, { sessionId, contentHash, from }, timeZone)
      if (origin.keepsDetails && live && addsNothing(row, live)) continue
      if (live) {
        changed.push({ type: live.type, start: live.start_at.getTime(), end: live.end_at.getTime() })
        kept.changed++
      }
      written.push({
        row,
        session: asSaid,
        isKnown: stored !== undefined,
        left,
        ownWords: told && !stored ? told : undefined,
      })
      changed.push({ type: session.type, start: session.start, end: session.end })
      kept.written++
    }
    if (said.length && fileId) await noteFile(tx, said, origin)
    if (written.length) await writeSessions(tx, origin, written)
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

/** Where nobody keeps a hash it is the person's own, or told live: what is here is the newer word. */
const isKnown = (hash: Buffer | null, told: Told): boolean =>
  told.hash === null || (hash !== null && hashIn(told)?.equals(hash) === true)

const hashIn = ({ hash }: Told): Buffer | null => (typeof hash === 'string' ? Buffer.from(hash, 'hex') : null)

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

interface WrittenSession {
  row: SessionRow
  session: SessionReading
  /** It has a row, and perhaps parts. */
  isKnown: boolean
  left: DetailsLeft
  /** What a person had made of a session that is new here. */
  ownWords: OwnWords | undefined
}

async function writeSessions(tx: Write, origin: SessionOrigin, written: readonly WrittenSession[]): Promise<void> {
  const { userId, sourceId } = origin
  const known = written.filter(({ isKnown }) => isKnown)
  for (const detail of details) {
    const gone = known.filter(({ left }) => !left[detail]).map(({ row }) => row.sessionId)
    await clearDetail(tx, userId, detailTables[detail], gone)
  }
  await putSessions(
    tx,
    origin,
    written.map(({ row }) => row),
  )
  await insertParts(
    tx,
    userId,
    written.map(({ row: { sessionId }, session: { parts } }) => ({ sessionId, parts })),
  )
  for (const {
    row: { sessionId },
    session,
    ownWords,
  } of written) {
    if (ownWords) await putOwnWords(tx, userId, sessionId, ownWords)
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

interface RowOrigin {
  sessionId: string
  contentHash: Buffer | null
  /** What it came in: of a session out of our own export, what it once came in. */
  from: SessionSource
}

const rowOf = (session: SessionReading, { sessionId, contentHash, from }: RowOrigin, timeZone: string): SessionRow => ({
  sessionId,
  contentHash,
  format: from.format,
  fileId: from.fileId,
  fileName: from.fileName,
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

const hashSaid = ({ keepsDetails }: SessionOrigin, session: SessionReading, left: DetailsLeft): Buffer =>
  keepsDetails ? hashInParts(session, left) : hashOf(session)

function hashOf({ track, streams, ...told }: SessionReading): Buffer {
  const hash = createHash('sha256').update(JSON.stringify(told))
  addTrack(hash, track)
  addStreams(hash, streams)
  return hash.digest()
}

/** Columns of numbers by their bytes: written out as JSON they would be twenty times as long. */
const add = (hash: Hash, name: string, values: Float64Array | undefined) =>
  values && hash.update(`\n${name} `).update(values)

function addTrack(hash: Hash, track: Track | undefined): void {
  if (track) for (const column of ['t', 'lat', 'lon', 'ele'] as const) add(hash, column, track[column])
}

function addStreams(hash: Hash, streams: Record<string, Stream> = {}): void {
  for (const [name, { t, v }] of Object.entries(streams)) {
    add(hash, name, t)
    add(hash, name, v)
  }
}

/** Which details of a session stay although the new telling has none of them, each by the hash it is known by. */
type DetailsLeft = Partial<Record<Detail, Buffer>>
type Detail = 'parts' | 'track' | 'streams'

const details = ['parts', 'track', 'streams'] as const satisfies readonly Detail[]
const detailTables = { parts: 'session_parts', track: 'tracks', streams: 'session_streams' } as const satisfies Record<
  Detail,
  string
>
const noDetails: DetailsLeft = {}
const partBytes = 16

const tells = (session: SessionReading): Record<Detail, boolean> => ({
  parts: session.parts.length > 0,
  track: Boolean(session.track?.t.length),
  streams: Object.values(session.streams ?? {}).some(({ t }) => t.length > 0),
})

function detailsLeft(session: SessionReading, known: Buffer | null): DetailsLeft {
  if (known?.length !== partBytes * (details.length + 1)) return noDetails
  const told = tells(session)
  const left: DetailsLeft = {}
  for (const [i, detail] of details.entries()) {
    const hash = known.subarray((i + 1) * partBytes, (i + 2) * partBytes)
    if (!told[detail] && hash.some((byte) => byte !== 0)) left[detail] = hash
  }
  return left
}

/** Of the summary and of each detail by itself, zeros for a detail that nobody told, so that each is known again without the others. */
function hashInParts({ parts, track, streams, ...summary }: SessionReading, left: DetailsLeft): Buffer {
  const told = tells({ ...summary, parts, ...(track && { track }), ...(streams && { streams }) })
  const hashed = (fill: (hash: Hash) => void): Buffer => {
    const hash = createHash('sha256')
    fill(hash)
    return hash.digest().subarray(0, partBytes)
  }
  const detail = (name: Detail, fill: (hash: Hash) => void): Buffer =>
    told[name] ? hashed(fill) : (left[name] ?? Buffer.alloc(partBytes))
  return Buffer.concat([
    hashed((hash) => hash.update(JSON.stringify(summary))),
    detail('parts', (hash) => hash.update(JSON.stringify(parts))),
    detail('track', (hash) => addTrack(hash, track)),
    detail('streams', (hash) => addStreams(hash, streams)),
  ])
}

/** Times in whole milliseconds, as the codec wants them. */
const encodeStream = ({ t, v }: Stream): Buffer => encode(pointsOf(t.map(Math.round), v))

/**
 * Whether all that is told is kept already, the details by their hashes: two answers of a provider that tell of one session in turn are
 * no changes of it. Only of tellings that add to what was told before.
 */
function addsNothing(row: SessionRow, live: KnownSession): boolean {
  const detailsOf = (hash: Buffer | null) => hash?.subarray(partBytes) ?? Buffer.alloc(0)
  if (!detailsOf(row.contentHash).equals(detailsOf(live.content_hash))) return false
  const same = (one: string | number | null, kept: string | number | null) => one === null || one === kept
  return (
    row.type === live.type &&
    row.isNap === live.is_nap &&
    row.start.getTime() === live.start_at.getTime() &&
    row.end.getTime() === live.end_at.getTime() &&
    same(row.title, live.title) &&
    same(row.activity, live.activity) &&
    same(row.utcOffsetMinutes, live.utc_offset_minutes) &&
    holds(live.totals, row.totals) &&
    holds(live.activity_data, row.activityData) &&
    row.derived.every((name) => live.derived.includes(name)) &&
    live.derived.every((name) => !(name in row.totals) || row.derived.includes(name))
  )
}

/** As JSON keeps it: without what is undefined. */
const holds = (kept: Record<string, unknown>, told: Record<string, unknown>): boolean =>
  Object.entries(JSON.parse(JSON.stringify(told))).every(([name, value]) => isDeepStrictEqual(kept[name], value))

/** Not `Math.min(...t)`: a way may have more points than a call has arguments. */
function rangeOf(t: Float64Array): [start: Date, end: Date] {
  const least = t.reduce((a, b) => Math.min(a, b))
  const most = t.reduce((a, b) => Math.max(a, b))
  return [new Date(least), new Date(most)]
}
