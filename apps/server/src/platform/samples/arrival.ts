/** What callers hand to `append`, and what they are told. */
import type { SliceTally } from './compare.ts'
import type { FlushStatement } from './flush.queries.ts'
import type { Points } from './points.ts'

export interface Slice {
  seriesId: number
  /** In any order; of one time said twice the last counts. Kept until the answer: do not change them meanwhile. */
  points: Points
}

/**
 * A row of somebody else's table, written in the transaction of the points. All rows of one statement (the same object)
 * travel together. A row that tells the outcome is a function of the tallies, in the order of the slices.
 */
export interface FlushExtra {
  statement: FlushStatement
  row: unknown[] | ((tallies: readonly SliceTally[]) => unknown[])
}

/**
 * Makes an arrival happen once. The statement is an `insert … on conflict do nothing returning <key>`, whose one column is
 * `key` as text for the rows that were new. An arrival whose key was there already is not stored and fails with `GuardTaken`.
 */
export interface Guard {
  statement: FlushStatement
  row: unknown[]
  key: string
}

/** One request's points of one person: all of it is stored, or none. */
export interface Arrival {
  userId: string
  slices: Slice[]
  extras?: FlushExtra[]
  guard?: Guard
}
