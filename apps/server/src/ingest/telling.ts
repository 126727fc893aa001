/** What a provider or a phone told of one source, and what became of it. Other stages know these types, and reach the door through `parts.takeTold`. */

import type { Rejection } from '@tributary/protocol'
import type { RecordSource, Told } from '@tributary/providers/kit'
import type { Waiting } from '../platform/quarantine/waiting.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'
import type { ToldSource } from '../platform/sources/connection-source.ts'

/** received = inserted + updated + duplicates + suppressed + deleted + rejected.length. Values and sessions count one each, and so does a deletion. */
export interface ToldTally {
  received: number
  inserted: number
  updated: number
  duplicates: number
  suppressed: number
  deleted: number
  /** `index` is the place in `told`. */
  rejected: Rejection[]
}

/** A row of the caller's own, told what was stored in its transaction. */
export interface ToldAlongside {
  statement: FlushStatement
  row(stored: ToldTally): unknown[]
}

export interface Telling {
  userId: string
  connectionId: string
  provider: string
  /** Of a custom API, whose name is its person's. */
  providerName?: string | undefined
  /** Absent: the connection itself. */
  source?: RecordSource | undefined
  /** The list it came from, for what has to go to quarantine. */
  feed?: string
  told: readonly Told[]
  /** The person's own word about what was kept of it: stored though the connection has ended. */
  evenEnded?: true
  /**
   * Asked for each of the transactions that the telling takes: rows to be written in it. What is true only of all of it belongs to
   * the last. Each is told the tally of its own transaction, so that counts which are added up are exact wherever it breaks off.
   */
  alongside?(isLast: boolean): readonly ToldAlongside[]
}

/** Where it goes, and what of the list it came in waits in quarantine until now. */
export interface PlaceOfTold {
  source: ToldSource
  waiting: Waiting
}

/** Answers when all of it is durable. Told once more, in whole or in part, it changes nothing. Throws `ConnectionEnded` with nothing more stored. */
export type TakeTold = (telling: Telling) => Promise<ToldTally>

export const noneTold = (): ToldTally => ({
  received: 0,
  inserted: 0,
  updated: 0,
  duplicates: 0,
  suppressed: 0,
  deleted: 0,
  rejected: [],
})

export function addTold(total: ToldTally, step: ToldTally): void {
  for (const key of ['received', 'inserted', 'updated', 'duplicates', 'suppressed', 'deleted'] as const)
    total[key] += step[key]
  for (const loss of step.rejected) total.rejected.push(loss)
}
