import type { Write } from '../platform/db/database.ts'
import { upsertDays } from './days.queries.ts'
import type { DayRow } from './sifted.ts'
import { type Counts, lastOfEach, type Of } from './tally.ts'

const keyOf = ({ metric, date }: { metric: string; date: string }) => `${metric} ${date}`

/** A later statement about a date replaces the earlier one. */
export async function storeDays(tx: Write, of: Of, days: readonly DayRow[], counts: Counts): Promise<void> {
  if (!days.length) return
  const winners = lastOfEach(days, keyOf, (a, b) => a.value === b.value, counts)
  const written = await upsertDays(tx, of, [...winners.values()])
  const outcomes = new Map(written.map((row) => [keyOf(row), row.is_new]))
  for (const [key, { reading }] of winners) {
    const isNew = outcomes.get(key)
    counts.add(reading, isNew === undefined ? 'duplicates' : isNew ? 'accepted' : 'changed')
  }
}
