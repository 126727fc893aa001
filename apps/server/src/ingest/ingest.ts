import type { Rejection } from '@tributary/protocol'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import type { SuppressionBook } from '../platform/suppressions/book.ts'
import { countSuppressed } from '../platform/suppressions/suppressions.queries.ts'
import type { Alongside, Incoming, Ingest, ReadingTally, Tally } from './incoming.ts'
import { normalise } from './normalise.ts'
import { score } from './score.ts'
import { storeReadings } from './store-readings.ts'
import { type Suppressed, suppress } from './suppress.ts'
import { validate } from './validate.ts'

export interface IngestEdges {
  store: SampleStore
  db: Database
  clock: Clock
  suppressions: Pick<SuppressionBook, 'of'>
}

export const createIngest =
  (edges: IngestEdges): Ingest =>
  (incoming) =>
    ingest(edges, incoming)

/** Readings' whole journey, from what a source said to what we keep. */
async function ingest(edges: IngestEdges, incoming: Incoming): Promise<Tally> {
  const named = normalise(incoming.readings)
  const sound = validate(named, edges.clock.now())
  const known = incoming.byHand ? [] : edges.suppressions.of(incoming.userId, incoming.sourceId)
  const wanted = suppress(sound, known)
  const judged = score(incoming.readings, wanted.left, wanted.counts)
  const alongside = [...(incoming.alongside?.(judged) ?? []), ...countsOf(incoming.userId, wanted)]
  return totalOf(await storeReadings(edges, incoming, wanted.left, judged, alongside))
}

/** How much each suppression kept away, written with what it let through. */
const countsOf = (userId: string, { bySuppression }: Suppressed): Alongside[] =>
  [...bySuppression].map(([id, n]) => ({ statement: countSuppressed, row: () => [userId, id, n] }))

function totalOf(readings: ReadingTally[]): Tally {
  const sum = (key: 'received' | 'accepted' | 'changed' | 'duplicates' | 'suppressed') =>
    readings.reduce((total, tally) => total + tally[key], 0)
  return {
    received: sum('received'),
    accepted: sum('accepted'),
    changed: sum('changed'),
    duplicates: sum('duplicates'),
    suppressed: sum('suppressed'),
    rejected: readings.flatMap(({ rejected }, reading) => rejected.map((loss: Rejection) => ({ reading, ...loss }))),
    readings,
  }
}
