import type { Ingest } from '../ingest/incoming.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { DiskReserve } from '../platform/disk-reserve.ts'
import type { Log } from '../platform/log.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import type { Parser } from './parse-file.ts'

/** The lines a worker can die at, in order. */
export type Moment = 'claimed' | 'piece' | 'taken out' | 'parsed' | 'stored' | 'followed' | 'finished'

/** What the importer works with. */
export interface Edges {
  db: Database
  disk: Pick<DiskReserve, 'assertRoom'>
  store: SampleStore
  ingest: Ingest
  parser: Parser
  clock: Clock
  log: Log
  /** Of devices that files make. */
  syncIntervalMinutes: number
  /** Most samples written in one transaction. */
  stepPoints: number
  /** Told at each moment of a file's journey; the fault tests end it there. */
  reached(moment: Moment): void | Promise<void>
}
