import { isDeepStrictEqual } from 'node:util'
import type { Write } from '../platform/db/database.ts'
import { upsertEvents } from './events.queries.ts'
import type { EventRow } from './sifted.ts'
import { type Counts, lastOfEach, type Of } from './tally.ts'

const keyOf = ({ metric, start, externalId }: { metric: string; start: number; externalId: string }) =>
  `${metric} ${start} ${externalId}`

/** One thing happens at one time, unless its source gives it a name of its own (`externalId`). */
export async function storeEvents(tx: Write, of: Of, events: readonly EventRow[], counts: Counts): Promise<void> {
  if (!events.length) return
  const same = (a: EventRow, b: EventRow) => a.end === b.end && isDeepStrictEqual(a.value, b.value)
  const winners = lastOfEach(events, keyOf, same, counts)
  const written = await upsertEvents(tx, of, [...winners.values()])
  const outcomes = new Map(
    written.map((row) => [keyOf({ ...row, start: row.start_at.getTime(), externalId: row.external_id }), row.is_new]),
  )
  for (const [key, { reading }] of winners) {
    const isNew = outcomes.get(key)
    counts.add(reading, isNew === undefined ? 'duplicates' : isNew ? 'accepted' : 'changed')
  }
}
