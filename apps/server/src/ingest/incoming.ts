/** What the door of ingest takes and what it answers. Other stages know these types, and reach the door through `parts.ingest`. */
import type { Measured, Rejection } from '@tributary/protocol'
import type { Guard } from '../platform/samples/arrival.ts'
import type { FlushStatement } from '../platform/samples/flush.queries.ts'

export interface Incoming {
  userId: string
  sourceId: string
  readings: readonly Measured[]
  /** The person's own word, now: nothing of it is held against what they deleted before. */
  byHand?: boolean
  /**
   * Asked once every reading has been judged and before anything is stored: which rows of the caller's own are to be written
   * in the transaction of the readings (a batch, an audit line, a file's tally). A Problem thrown here stores nothing.
   */
  alongside?(judged: readonly Judged[]): Alongside[]
  /** Makes the readings happen once: stored only if this row could be inserted, else `GuardTaken` is thrown. */
  guard?: Guard
}

/** How far a reading got before anything was stored. */
export interface Judged {
  /** Values in it, good and bad. */
  received: number
  rejected: Rejection[]
  /** Deleted by the person before, who does not want it back. */
  suppressed: number
  /** Kept, but beyond what the catalogue calls plausible. */
  implausible: number
  /** Mean of the qualities that the source stated for the values kept; null when it stated none. */
  quality: number | null
  /** How many values `quality` is the mean of. */
  qualities: number
}

/** received = accepted + changed + duplicates + suppressed + rejected.length. */
export interface ReadingTally extends Judged {
  /** New. */
  accepted: number
  /** Known time, other value. */
  changed: number
  /** Known already. */
  duplicates: number
}

/** A row of the caller's own table; the statement takes one array a column. */
export interface Alongside {
  statement: FlushStatement
  /** Told what became of each reading, in their order. */
  row(tallies: readonly ReadingTally[]): unknown[]
}

export interface Tally {
  received: number
  accepted: number
  changed: number
  duplicates: number
  suppressed: number
  /** `reading` is the place in `readings`, `index` the value's own (`place`, `places`, or its position). */
  rejected: (Rejection & { reading: number })[]
  /** One for each reading, in their order. */
  readings: ReadingTally[]
}

/** Answers after everything is durable. Throws what the sample store throws, and `GuardTaken`. */
export type Ingest = (incoming: Incoming) => Promise<Tally>
