/** What a parsing thread and the program say to each other. */
import type { MessagePort } from 'node:worker_threads'
import type { CsvMap, Ending, ParsedFile, Piece } from '@tributary/formats'

export interface ParseTask {
  port: MessagePort
  filename: string
  bytes: number
  now: number
  /** The person's, for files that write local times. */
  timeZone: string
  /** How many archives the file lay in. */
  depth: number
  /** Files inside that were taken out before, by their places. */
  entriesTaken: readonly number[]
  /** How the person said that tables are read. */
  mappings: readonly CsvMap[]
}

/** Why nothing of a file could be used: the format's own words, or ours for a thread that died over it. */
export interface Refusal {
  code: string
  detail: string
  /** For the log. */
  cause?: unknown
}

/** A stretch of a file inside an archive: 1 MiB, but for the last. */
export interface EntryPart {
  /** The file's place in the archive. */
  entry: number
  path: string
  data: Uint8Array
  isLast: boolean
  /** Kept as it is and not read: what is in it is told by the archive. */
  isKept: boolean
  /** Set on the last: the file is damaged, and this is all that came out of it. */
  fault?: { code: string; detail: string }
}

export type ParseOutcome =
  | { parsed: ParsedFile }
  /** Its pieces were handed over; `taken` of its files were (or had been) taken out to be read by themselves. */
  | { ending: Ending; taken: number }
  /** An archive of files that do not belong together. */
  | { taken: number }
  /** A table whose columns nobody has named. */
  | { waiting: { columns: string[] } }
  | { refused: Refusal }

export type FromThread =
  | { read: number; offset: number; length: number }
  | { piece: Piece; format: string }
  | { part: EntryPart }
  | { outcome: ParseOutcome }

export type ToThread = { read: number; bytes: Uint8Array } | 'taken'
