/**
 * Last stage: durable, with every value accounted for. Points alone are one arrival of the sample store, and the caller's rows
 * travel in its flush. Rows of other kinds need a transaction of their own, which then takes the caller's rows and comes after
 * the points: what a crash between the two leaves is found as duplicates when the same is sent again.
 */
import type { Subject, Write } from '../platform/db/database.ts'
import type { SliceTally } from '../platform/samples/compare.ts'
import { GuardTaken } from '../platform/samples/errors.ts'
import { storeDays } from './days.ts'
import { storeEvents } from './events.ts'
import { runFlushStatement } from './flush-statement.queries.ts'
import type { Alongside, Incoming, Judged, ReadingTally } from './incoming.ts'
import type { IngestEdges } from './ingest.ts'
import { storeStages } from './nights.ts'
import { hasRows, type Sifted } from './sifted.ts'
import { lockSource } from './source-lock.queries.ts'
import { type Counts, count } from './tally.ts'
import { storeWays } from './ways.ts'

export async function storeReadings(
  edges: IngestEdges,
  incoming: Incoming,
  sound: Sifted,
  judged: readonly Judged[],
  alongside: readonly Alongside[],
): Promise<ReadingTally[]> {
  if (!hasRows(sound)) return storePoints(edges, incoming, sound, judged, alongside)
  const points = sound.columns.length ? await storePoints(edges, unguarded(incoming), sound, judged, []) : fresh(judged)
  const subject: Subject = { userId: incoming.userId }
  return edges.db.write(subject, async (tx) => {
    await takeGuard(tx, incoming)
    await lockSource(tx, incoming.userId, incoming.sourceId)
    const tallies = points.map((tally) => ({ ...tally }))
    const counts: Counts = { add: (reading, outcome, n) => count(tallies[reading], outcome, n) }
    const of = { userId: incoming.userId, sourceId: incoming.sourceId }
    await storeDays(tx, of, sound.days, counts)
    await storeEvents(tx, of, sound.events, counts)
    await storeWays(tx, of, sound.ways, counts)
    await storeStages(tx, of, sound.stages, counts)
    for (const { statement, row } of alongside) await runFlushStatement(tx, statement, row(tallies))
    return tallies
  })
}

const unguarded = ({ guard: _later, ...incoming }: Incoming): Incoming => incoming

async function takeGuard(tx: Write, { guard }: Incoming): Promise<void> {
  if (!guard) return
  const taken = await runFlushStatement(tx, guard.statement, guard.row)
  if (!taken.length) throw new GuardTaken(guard.key)
}

async function storePoints(
  { store }: IngestEdges,
  { userId, sourceId, guard }: Incoming,
  sound: Sifted,
  judged: readonly Judged[],
  alongside: readonly Alongside[],
): Promise<ReadingTally[]> {
  const slices = await Promise.all(
    sound.columns.map(async ({ metric, points }) => ({
      seriesId: await store.seriesFor(userId, sourceId, metric),
      points,
    })),
  )
  const tally = ofLast((told: readonly SliceTally[]) => talliesOf(judged, sound, told))
  // A flush may be tried again, so what it asks of a row is worked out anew each time, for all rows at once: there may be one for each reading.
  const extras = alongside.map(({ statement, row }) => ({
    statement,
    row: (told: readonly SliceTally[]) => row(tally(told)),
  }))
  return tally(await store.append({ userId, slices, extras, ...(guard ? { guard } : {}) }))
}

/** Remembers the answer to what was asked last. */
function ofLast<A extends object, B>(work: (asked: A) => B): (asked: A) => B {
  let last: { asked: A; answer: B } | undefined
  return (asked) => {
    if (last?.asked !== asked) last = { asked, answer: work(asked) }
    return last.answer
  }
}

function talliesOf(judged: readonly Judged[], sound: Sifted, told: readonly SliceTally[]): ReadingTally[] {
  const tallies = fresh(judged)
  for (const [place, { reading }] of sound.columns.entries()) {
    const tally = tallies[reading]
    const slice = told[place]
    if (!tally || !slice) continue
    tally.accepted += slice.accepted
    tally.changed += slice.changed
    tally.duplicates += slice.duplicates
  }
  return tallies
}

const fresh = (judged: readonly Judged[]): ReadingTally[] =>
  judged.map((reading) => ({ ...reading, accepted: 0, changed: 0, duplicates: 0 }))
