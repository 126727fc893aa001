import type { ReadingTally } from './incoming.ts'

export type Outcome = 'accepted' | 'changed' | 'duplicates'

/** Where stored rows are counted. */
export interface Counts {
  add(reading: number, outcome: Outcome, n?: number): void
}

export function count(tally: ReadingTally | undefined, outcome: Outcome, n = 1): void {
  if (tally) tally[outcome] += n
}

/** Whose data, and what it came from. */
export interface Of {
  userId: string
  sourceId: string
}

/** Of rows with one key the last wins; those before it count as duplicates of it, or as changed by it. */
export function lastOfEach<R extends { reading: number }>(
  rows: readonly R[],
  keyOf: (row: R) => string,
  same: (a: R, b: R) => boolean,
  counts: Counts,
): Map<string, R> {
  const winners = new Map(rows.map((row) => [keyOf(row), row]))
  for (const row of rows) {
    const winner = winners.get(keyOf(row))
    if (winner && winner !== row) counts.add(row.reading, same(row, winner) ? 'duplicates' : 'changed')
  }
  return winners
}
