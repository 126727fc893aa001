/**
 * What a provider or a phone told of one source, stored and counted. The order: values over time → what becomes rows of readings →
 * sessions and deletions. Each is a transaction with its own counts (`alongside`), and each finds what was stored before as known:
 * broken off anywhere and told again, the end is the same.
 */
import type { ParsedFile } from '@tributary/formats'
import { type Measured, type Rejection, type SessionReading, soundSession } from '@tributary/protocol'
import { findProvider } from '@tributary/providers'
import type { ParseBytes } from '../imports/parse-bytes.ts'
import type { Database } from '../platform/db/database.ts'
import { GuardTaken } from '../platform/samples/errors.ts'
import type { SampleStore } from '../platform/samples/store.ts'
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
import { layFile } from './lay-file.ts'
import { type Placed, type SortedTold, sortTold, valuesOf } from './sort-told.ts'
import { addTold, noneTold, type TakeTold, type Telling, type ToldTally } from './telling.ts'

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
  const source = await settleSource(edges, telling, sorted)
  await readFiles(edges, telling, sorted)
  const total = noneTold()
  const steps = [
    ...stepsOf(sorted.points).map((step) => (isLast: boolean) => keepReadings(edges, telling, source, step, isLast)),
    ...stepsOf(sorted.rows).map((step) => (isLast: boolean) => keepReadings(edges, telling, source, step, isLast)),
  ]
  const { sessions, plans, calendars, forgotten, rejected, overtaken } = sorted
  const hasRest = [sessions, plans, calendars, forgotten, rejected].some(({ length }) => length) || overtaken > 0
  if (hasRest || !steps.length) steps.push(() => keepRest(edges, telling, source, sorted))
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

async function settleSource(
  { db, clock, syncIntervalMinutes }: TakeToldEdges,
  telling: Telling,
  { points, rows, thing }: SortedTold,
): Promise<ToldSource> {
  const { userId, connectionId, provider, providerName, source } = telling
  const metrics = [...points, ...rows].flatMap(({ reading }) => ('metric' in reading ? [reading.metric] : []))
  const capabilities = [...new Set(metrics)]
  const place = { userId, connectionId, providerName: providerName ?? findProvider(provider)?.name ?? provider }
  return db.write({ userId }, async (tx) => {
    await assertOpen(tx, telling)
    const settled = await settleConnectionSource(tx, place, source, { capabilities, syncIntervalMinutes })
    if (thing) await noteThing(tx, userId, settled.sourceId, thing, clock.now())
    return settled
  })
}

/** A file that cannot be read is refused by itself: the session stays as it was told. */
async function readFiles({ db, parseBytes }: TakeToldEdges, { userId }: Telling, sorted: SortedTold): Promise<void> {
  if (!sorted.files.length) return
  const timeZone = await db.read({ userId }, (tx) => findTimeZone(tx, userId))
  for (const { place, reading: file } of sorted.files) {
    const at = sorted.sessions.findIndex(({ reading }) => reading.externalId === file.externalId)
    const session = sorted.sessions[at]
    const refuse = ({ code, detail }: Omit<Rejection, 'index'>) => sorted.rejected.push({ index: place, code, detail })
    if (!session) {
      refuse({ code: 'session_missing', detail: 'The session that the file belongs to was not told with it' })
      continue
    }
    const name = `${file.externalId}.${file.format}`
    const parsed = await parseBytes({ name, bytes: file.bytes, timeZone })
    if ('refused' in parsed) refuse(parsed.refused)
    else layOn(sorted, at, session, place, parsed, refuse)
  }
}

function layOn(
  sorted: SortedTold,
  at: number,
  session: Placed<SessionReading>,
  place: number,
  parsed: ParsedFile,
  refuse: (why: Omit<Rejection, 'index'>) => void,
): void {
  const inFile = parsed.sessions.flatMap((one) => {
    const { session: sound, losses } = soundSession(one)
    losses.forEach(refuse)
    return sound ?? []
  })
  const [own, ...legs] = layFile(session.reading, inFile)
  sorted.sessions.splice(
    at,
    1,
    { ...session, reading: own as SessionReading },
    ...legs.map((reading) => ({ place, reading })),
  )
  for (const reading of parsed.readings) sorted.points.push({ place, reading })
  for (const rejection of parsed.rejected) refuse(rejection)
}

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
