/**
 * What a provider or a phone told of one source, stored and counted. The order: values over time → what becomes rows of readings →
 * sessions and deletions. Each is a transaction with its own counts (`alongside`), and each finds what was stored before as known:
 * broken off anywhere and told again, the end is the same.
 */
import type { ParsedFile } from '@tributary/formats'
import {
  type ActivityType,
  isActivity,
  type Loss,
  type Measured,
  type SessionReading,
  soundSession,
  timeFaultOf,
} from '@tributary/protocol'
import { findProvider } from '@tributary/providers'
import type { ToldFile } from '@tributary/providers/kit'
import type { ParseBytes } from '../imports/parse-bytes.ts'
import type { Database } from '../platform/db/database.ts'
import { findWaiting } from '../platform/quarantine/waiting.queries.ts'
import { waitingOf } from '../platform/quarantine/waiting.ts'
import { cleanText } from '../platform/readings/clean-text.ts'
import { GuardTaken } from '../platform/samples/errors.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { findSessions, type KnownSession } from '../platform/sessions/keep-sessions.queries.ts'
import { findTimeZone } from '../platform/sessions/records.queries.ts'
import { settleConnectionSource, type ToldSource } from '../platform/sources/connection-source.ts'
import { noteThing } from '../platform/sources/connection-sources.queries.ts'
import { ConnectionEnded } from '../platform/sources/open-connection.ts'
import { createTurns } from '../platform/take-turns.ts'
import { assertOpen } from './assert-open.ts'
import { runFlushStatement } from './flush-statement.queries.ts'
import type { Ingest } from './incoming.ts'
import { keepReadings } from './keep-readings.ts'
import { keepRest } from './keep-rest.ts'
import { type KeptWords, layAlone, layFile } from './lay-file.ts'
import { ownIdOf } from './records-by-id.ts'
import { type Placed, refuseTold, type SortedTold, sortTold, valuesOf } from './sort-told.ts'
import { addTold, noneTold, type PlaceOfTold, type TakeTold, type Telling, type ToldTally } from './telling.ts'

export interface TakeToldEdges {
  db: Database
  store: SampleStore
  ingest: Ingest
  parseBytes: ParseBytes
  clock: { now(): number }
  /** Of devices that records name. */
  syncIntervalMinutes: number
}

/** Most values written in one transaction: others wait only milliseconds behind it. */
const stepValues = 200_000

export function createTakeTold(edges: TakeToldEdges): TakeTold {
  const inTurn = createTurns()
  return (telling) =>
    inTurn(telling.connectionId, () => takeTold(edges, telling)).catch((error: unknown) => {
      if (!(error instanceof GuardTaken)) throw error
      throw new ConnectionEnded('a connection was ended while its readings were on their way')
    })
}

async function takeTold(edges: TakeToldEdges, telling: Telling): Promise<ToldTally> {
  if (!telling.told.length) return tellNothing(edges, telling)
  const sorted = sortTold(telling.told, edges.clock.now())
  const place = await settlePlace(edges, telling, sorted)
  await readFiles(edges, telling, place.source, sorted)
  const total = noneTold()
  const steps = [
    ...stepsOf(sorted.points).map((step) => (isLast: boolean) => keepReadings(edges, telling, place, step, isLast)),
    ...stepsOf(sorted.rows).map((step) => (isLast: boolean) => keepReadings(edges, telling, place, step, isLast)),
  ]
  const { sessions, plans, calendars, forgotten, rejected, overtaken } = sorted
  const hasRest = [sessions, plans, calendars, forgotten, rejected].some(({ length }) => length) || overtaken > 0
  if (hasRest || !steps.length) steps.push(() => keepRest(edges, telling, place, sorted))
  for (const [i, step] of steps.entries()) addTold(total, await step(i === steps.length - 1))
  return total
}

/** What came had nothing for us; that it was read may have to be noted. */
async function tellNothing({ db }: TakeToldEdges, telling: Telling): Promise<ToldTally> {
  const { userId, alongside } = telling
  const tally = noneTold()
  const theirs = alongside?.(true) ?? []
  if (theirs.length)
    await db.write({ userId }, async (tx) => {
      await assertOpen(tx, telling)
      for (const { statement, row } of theirs) await runFlushStatement(tx, statement, row(tally))
    })
  return tally
}

async function settlePlace(
  { db, clock, syncIntervalMinutes }: TakeToldEdges,
  telling: Telling,
  { points, rows, thing }: SortedTold,
): Promise<PlaceOfTold> {
  const { userId, connectionId, provider, providerName, source: claim, feed = null } = telling
  const metrics = [...points, ...rows].flatMap(({ reading }) => ('metric' in reading ? [reading.metric] : []))
  const capabilities = [...new Set(metrics)]
  const place = { userId, connectionId, providerName: providerName ?? findProvider(provider)?.name ?? provider }
  return db.write({ userId }, async (tx) => {
    await assertOpen(tx, telling)
    const source = await settleConnectionSource(tx, place, claim, { capabilities, syncIntervalMinutes })
    if (thing) await noteThing(tx, userId, source.sourceId, thing, clock.now())
    return { source, waiting: waitingOf(await findWaiting(tx, { userId, connectionId, feed })) }
  })
}

/** A file that cannot be read is refused by itself: its session stays as it was told. */
async function readFiles(
  { db, parseBytes, clock }: TakeToldEdges,
  { userId, provider }: Telling,
  source: ToldSource,
  sorted: SortedTold,
): Promise<void> {
  if (!sorted.files.length) return
  const ownId = (id: string) => ownIdOf(id, source, provider)
  const ids = cleanText(sorted.files.map(({ reading }) => ownId(reading.externalId)))
  const { timeZone, known } = await db.read({ userId }, async (tx) => ({
    timeZone: await findTimeZone(tx, userId),
    known: await findSessions(tx, userId, source.sourceId, ids),
  }))
  for (const { place, reading: file } of sorted.files) {
    const { externalId, format, bytes } = file
    const parsed = await parseBytes({ name: `${externalId}.${format}`, bytes, timeZone })
    if ('refused' in parsed) refuseTold(sorted, place, parsed.refused, wordsOfFile(file))
    else {
      const kept = known.get(cleanText(ownId(externalId)))
      layIn(sorted, { place, reading: file }, kept && !kept.deleted_at ? kept : undefined, parsed, clock.now())
    }
  }
}

/** Onto the session that was told with it, or else onto what is kept of it; one that nobody told is as the file has it. */
function layIn(
  sorted: SortedTold,
  { place, reading: file }: Placed<ToldFile>,
  kept: KnownSession | undefined,
  parsed: ParsedFile,
  now: number,
): void {
  const { externalId } = file
  const count = ({ code, detail }: Loss) => sorted.rejected.push({ index: place, code, detail })
  const lost: Loss[] = [...parsed.rejected]
  const inFile = parsed.sessions.flatMap((one) => {
    const { session: sound, losses } = soundSession(one)
    if (sound) losses.forEach(count)
    else lost.push(...losses)
    return sound ?? []
  })
  const at = sorted.sessions.findIndex(({ reading }) => reading.externalId === externalId)
  const told = sorted.sessions[at]
  if (told) {
    const [own, ...legs] = layFile(told.reading, inFile)
    const laid = [{ ...told, reading: own as SessionReading }, ...legs.map((reading) => ({ place, reading }))]
    sorted.sessions.splice(at, 1, ...laid)
  } else
    for (const reading of layAlone(externalId, kept && wordsOf(kept), inFile)) {
      const fault = timeFaultOf(reading.start, now) ?? timeFaultOf(reading.end, now)
      if (fault) refuseTold(sorted, place, fault, reading)
      else sorted.sessions.push({ place, reading })
    }
  for (const reading of parsed.readings) sorted.points.push({ place, reading })
  const [first, ...others] = lost
  if (!first) return
  const more = others.length ? ` (and ${others.length} more of this file)` : ''
  refuseTold(sorted, place, { code: first.code, detail: first.detail + more }, wordsOfFile(file))
  others.forEach(count)
}

const wordsOfFile = ({ kind, externalId, format }: ToldFile) => ({ kind, externalId, format })

const wordsOf = (kept: KnownSession): KeptWords => ({
  type: kept.type as SessionReading['type'],
  start: kept.start_at.getTime(),
  end: kept.end_at.getTime(),
  totals: kept.totals,
  derived: kept.derived,
  extra: kept.activity_data,
  ...(kept.title === null ? {} : { title: kept.title }),
  ...(isActivity(kept.activity ?? '') ? { activity: kept.activity as ActivityType } : {}),
  ...(kept.utc_offset_minutes === null ? {} : { offset: kept.utc_offset_minutes }),
})

function stepsOf(readings: readonly Placed<Measured>[]): Placed<Measured>[][] {
  const steps: Placed<Measured>[][] = []
  let room = 0
  for (const one of readings) {
    const values = valuesOf(one.reading)
    if (room < values || !steps.length) {
      steps.push([])
      room = stepValues
    }
    steps.at(-1)?.push(one)
    room -= values
  }
  return steps
}
