/** The last transaction of a telling: its sessions, what it takes back, what was refused before anything was stored, and the caller's rows. */

import type { Write } from '../platform/db/database.ts'
import { insertRefusedOfConnection, mostOfFeed } from '../platform/quarantine/quarantine.queries.ts'
import { type RefusedTold, recordOfTold } from '../platform/quarantine/refused-values.ts'
import { deleteTaken } from '../platform/quarantine/waiting.queries.ts'
import { takenOf } from '../platform/quarantine/waiting.ts'
import { cleanSessions } from '../platform/readings/clean-readings.ts'
import { cleanText } from '../platform/readings/clean-text.ts'
import { hashOfId } from '../platform/record-id.ts'
import { forgetSessions } from '../platform/sessions/forget.ts'
import type { PlanOfSource } from '../platform/sessions/keep-plans.queries.ts'
import { forgetLeftOut, forgetPlans, keepPlans } from '../platform/sessions/keep-plans.ts'
import { keepSessions } from '../platform/sessions/keep-sessions.ts'
import { lossesOf } from '../platform/sessions/sound-sessions.ts'
import { findToday } from '../platform/sessions/today.ts'
import { assertOpen } from './assert-open.ts'
import { runFlushStatement } from './flush-statement.queries.ts'
import {
  deleteEventsById,
  deleteRecords,
  findPlansById,
  findRecordsOfConnection,
  findSessionsById,
  type Gone,
} from './records-by-id.queries.ts'
import { forgetPoints, ownIdOf } from './records-by-id.ts'
import type { SortedTold } from './sort-told.ts'
import { lockSource } from './source-lock.queries.ts'
import type { TakeToldEdges } from './take-told.ts'
import { addTold, noneTold, type PlaceOfTold, type Telling, type ToldTally } from './telling.ts'

export async function keepRest(
  edges: TakeToldEdges,
  telling: Telling,
  place: PlaceOfTold,
  sorted: SortedTold,
): Promise<ToldTally> {
  const { source } = place
  const { userId, connectionId, provider } = telling
  const gone: Gone = { userId, connectionId, provider, externalIds: cleanText(sorted.forgotten) }
  await forgetValues(edges, gone)
  return edges.db.write({ userId }, async (tx) => {
    await assertOpen(tx, telling)
    const lost = gone.externalIds.length ? await findSessionsById(tx, gone) : []
    const lostPlans = gone.externalIds.length ? await findPlansById(tx, gone) : []
    for (const id of [
      ...new Set([source.sourceId, ...[...lost, ...lostPlans].map(({ source_id }) => source_id)]),
    ].sort())
      await lockSource(tx, userId, id)
    const tally = await keepAll(tx, telling, place, sorted)
    addTold(tally, await keepPlansOf(tx, edges.clock.now(), telling, place, sorted))
    if (gone.externalIds.length) {
      const deleted = await forget(tx, gone, lost, lostPlans)
      tally.deleted += deleted
      tally.duplicates += gone.externalIds.length - deleted
    }
    for (const { statement, row } of telling.alongside?.(true) ?? []) await runFlushStatement(tx, statement, row(tally))
    return tally
  })
}

/** In the sample store's own transactions, before the ids are forgotten: broken off between the two, the ids are still there to be told by. */
async function forgetValues(edges: TakeToldEdges, gone: Gone): Promise<void> {
  const { userId, provider, externalIds } = gone
  if (!externalIds.length) return
  const hashes = externalIds.map((id) => hashOfId(provider, id))
  await forgetPoints(edges, userId, await edges.db.read({ userId }, (tx) => findRecordsOfConnection(tx, gone, hashes)))
}

async function keepAll(tx: Write, telling: Telling, place: PlaceOfTold, sorted: SortedTold): Promise<ToldTally> {
  const { source } = place
  const { userId, provider } = telling
  const sessions = cleanSessions(sorted.sessions.map(({ reading }) => reading)).map((session) => ({
    ...session,
    externalId: ownIdOf(session.externalId, source, provider),
  }))
  const { sourceId } = source
  const origin = { userId, sourceId, fileId: null, importId: null, fileName: null, format: provider }
  const kept = await keepSessions(tx, { ...origin, keepsDetails: true }, sessions)
  const { written, changed, suppressed, refused } = kept
  const own = <T extends { externalId: string }>(told: T): T => ({
    ...told,
    externalId: ownIdOf(told.externalId, source, provider),
  })
  await sortOut(tx, telling, place, {
    told: [...sessions, ...sorted.files.map(({ reading }) => own(reading))],
    refused: [
      ...sorted.refused.map((one) => ({ ...one, told: own(one.told) })),
      ...refused.map(({ session, ...reason }) => ({ ...reason, told: session })),
    ],
  })
  const usable = sessions.length - refused.length
  const placeOf = (index: number) => sorted.sessions[index]?.place ?? 0
  const rejected = [...sorted.rejected, ...lossesOf(kept).map((loss) => ({ ...loss, index: placeOf(loss.index) }))]
  return {
    received: usable + sorted.forgotten.length + rejected.length + sorted.overtaken,
    inserted: written - changed,
    updated: changed,
    duplicates: usable - written - suppressed + sorted.overtaken,
    suppressed,
    deleted: 0,
    rejected,
  }
}

/** What could not be used goes into quarantine, and what could leaves it. */
async function sortOut(
  tx: Write,
  { userId, connectionId, provider, feed }: Telling,
  { source, waiting }: PlaceOfTold,
  { told, refused }: { told: readonly RefusedTold['told'][]; refused: readonly RefusedTold[] },
): Promise<void> {
  const taken = takenOf(
    waiting,
    told,
    refused.map((one) => one.told),
  )
  if (taken.length) await runFlushStatement(tx, deleteTaken, [userId, taken])
  if (!refused.length) return
  const records = refused.slice(0, mostOfFeed).map((one) => recordOfTold(one, source.sourceId))
  await runFlushStatement(tx, insertRefusedOfConnection, [userId, connectionId, feed ?? null, provider, records])
}

/** Plans, and what the calendars that were read whole hold no more: each that goes counts as a deletion does. */
async function keepPlansOf(
  tx: Write,
  now: number,
  telling: Telling,
  place: PlaceOfTold,
  { plans, calendars }: SortedTold,
): Promise<ToldTally> {
  const { source } = place
  const { userId, provider } = telling
  const tally = noneTold()
  const of = { userId, sourceId: source.sourceId }
  const idOf = (id: string) => ownIdOf(id, source, provider)
  if (plans.length) {
    const told = cleanText(plans.map(({ reading }) => ({ ...reading, externalId: idOf(reading.externalId) })))
    const { rejected, refused, ...counts } = await keepPlans(tx, of, told, new Date(now))
    Object.assign(tally, counts)
    tally.rejected = rejected.map((loss) => ({ ...loss, index: plans[loss.index]?.place ?? 0 }))
    tally.received = plans.length - refused.length + rejected.length
    await sortOut(tx, telling, place, {
      told,
      refused: refused.map(({ plan, ...reason }) => ({ ...reason, told: plan })),
    })
  }
  for (const { from, to = null, externalIds, asked } of calendars) {
    const today = await findToday(tx, userId, Math.max(now, asked))
    const calendar = { from, to, externalIds: cleanText(externalIds.map(idOf)), asked: new Date(asked), today }
    const gone = await forgetLeftOut(tx, of, calendar)
    tally.deleted += gone.length
    tally.received += gone.length
  }
  return tally
}

/** How many of the ids stood for something. */
async function forget(
  tx: Write,
  gone: Gone,
  lost: readonly { session_id: string; external_id: string }[],
  lostPlans: readonly PlanOfSource[],
): Promise<number> {
  const { userId, provider, externalIds } = gone
  await forgetSessions(
    tx,
    userId,
    lost.map(({ session_id }) => session_id),
  )
  const plans = lostPlans.length ? await forgetPlans(tx, userId, lostPlans) : []
  const stored = new Set([
    ...[...lost, ...plans].map(({ external_id }) => external_id),
    ...(await deleteEventsById(tx, gone)),
  ])
  const byHash = new Map(externalIds.map((id) => [hashOfId(provider, id).toString('hex'), id]))
  const hashes = await deleteRecords(
    tx,
    gone,
    [...byHash.keys()].map((hash) => Buffer.from(hash, 'hex')),
  )
  for (const hash of hashes) stored.add(byHash.get(hash.toString('hex')) ?? '')
  return externalIds.filter((id) => stored.has(id) || stored.has(`${provider}:${id}`)).length
}
