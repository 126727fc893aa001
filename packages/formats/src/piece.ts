/**
 * What a reader of large or many-sided files hands over as it goes. A reader is a pure async generator: bytes in, pieces out, never
 * more than one piece in memory, and the same bytes are always cut into the same pieces, because each is stored as one numbered
 * step that happens once (docs/decisions/0004).
 */
import type { Measured, Rejection, SessionReading, SourceClaim } from '@tributary/protocol'
import type { Unused, Warning } from './parsed-file.ts'

/** Most values in one piece: enough that a flush is cheap for each, little enough that a worker stays small. */
export const pieceValues = 100_000

/** The app or thing inside an archive that measured. One archive has many. */
export interface PieceSource extends SourceClaim {
  /** The same in every export of the same source, and told apart from all others of the archive: a normalised name, a serial. */
  key: string
  /** For people: `Ana’s Apple Watch`. */
  name: string
  /** Only of our own export: what it was in the account that it came from, and should be again. */
  was?: { kind: string; archive?: string; key?: string; deviceType?: string }
}

/** A record of a known kind that could not be used, whole enough to be tried again after a fix (`replay`). */
export interface Unusable extends Rejection {
  /**
   * As it stood in the file (an XML element, a CSV row with its header, JSON), where its reader needs that below a line that says where
   * it stood; at most 8,000 characters.
   */
  raw: string
}

/**
 * One step. Either series (points of the sample store) or rows (days, events, stages, positions, sessions): the two are stored in
 * different transactions, and a step is one.
 */
export interface Piece {
  source: PieceSource
  readings: Measured[]
  sessions: SessionReading[]
  unusable: Unusable[]
  /** Bytes of the file (unpacked ones of an archive) and records read so far. */
  progress: { bytes: number; records: number }
  /** Only of our own export. */
  restored?: Restored
}

/** What a person made of their data, which no source says. */
export interface Restored {
  sessions: RestoredSession[]
  plans: RestoredPlan[]
  suppressions: RestoredSuppression[]
}

/** Beside the session of this id, which is as it was shown. */
export interface RestoredSession {
  externalId: string
  /** Of what the source had said, in hex; null where nobody keeps one, undefined where the archive does not say. */
  hash: string | null | undefined
  notes: string | null
  /** The source's own word where a person changed it, null where it had none. */
  edits: { title?: string | null; activity?: string | null; totals?: Record<string, number | null> } | null
  format: string | null
  fileName: string | null
  /** Under which id its file stands in the archive. */
  file: string | null
}

export interface RestoredPlan {
  id: string
  activity: string | null
  title: string
  description: string | null
  date: string
  start: number | null
  duration: number | null
  distance: number | null
  skipped: number | null
  matchedBy: 'rule' | 'person' | 'nobody' | null
  session: { source: PieceSource; externalId: string } | null
  /** Who told it; null of one that its person planned. */
  told: { source: PieceSource; externalId: string } | null
  /** The source's own word where a person changed it. */
  edits: Record<string, unknown> | null
}

export interface RestoredSuppression {
  id: string
  source: PieceSource | null
  metric: string | null
  externalId: string | null
  title: string | null
  /** Null where open. */
  from: number | null
  to: number | null
}

/** The reader's last word. */
export interface Ending {
  format: string
  records: number
  /** The first hundred losses with their places; those of `unusable` are among them. */
  rejected: Rejection[]
  /** How often each code of rejection came up, all of them. */
  rejectedByCode: Record<string, number>
  warnings: Warning[]
  unused: Unused[]
  /**
   * Set when the file states everything there is (a full export) and was read to its end: what an earlier export of the same family
   * had and this one lacks was deleted at the source.
   */
  complete?: { family: string; asOf: number }
}

export type Pieces = AsyncGenerator<Piece, Ending>

export interface ReadOptions {
  /** Milliseconds since 1970; times more than a day later are refused. */
  now: number
  /** IANA name of the person's zone, for files that write local times without saying where. */
  timeZone: string
}

/** A file by itself. */
export interface FileInput extends ReadOptions {
  name: string
  /** Bytes; of a `.gz` the packed ones. */
  size: number
  chunks(): AsyncIterable<Uint8Array>
  /** For formats that are read out of order (SQLite). */
  readAt(offset: number, length: number): Promise<Uint8Array>
}

export interface ArchiveEntry {
  /** With forward slashes, no leading one, never `..`; directories and `__MACOSX` are left out. */
  path: string
  /** Unpacked bytes, as the archive claims; the reader is cut off beyond them. */
  size: number
  chunks(): AsyncIterable<Uint8Array>
}

/** A ZIP whose contents belong together. */
export interface ArchiveInput extends ReadOptions {
  name: string
  entries: readonly ArchiveEntry[]
}

/** A kind of single file: each is one literal in `readers.ts`. */
export interface FileReader {
  format: string
  /** For people: `Apple Health export`. */
  title: string
  /** Whether a file is of this kind, by its first bytes (unpacked, at least `sniffLength` of them if it has so many). The name may only support. */
  recognises(head: Uint8Array, name: string): boolean
  read(input: FileInput): Pieces
  /**
   * A record that was kept as `raw` becomes readings again, or is refused again. What cannot be read by itself throws a `FormatError` that
   * says so in plain words.
   */
  replay?(raw: string, options: ReadOptions): Piece | Promise<Piece>
}

/** A kind of archive. `entries` it does not claim are looked at as files by themselves. */
export interface ArchiveReader {
  format: string
  title: string
  /** By paths, and where they do not decide, by the head of an entry. */
  recognises(entries: readonly ArchiveEntry[], head: (entry: ArchiveEntry) => Promise<Uint8Array>): Promise<boolean>
  /** Paths this reader takes (or passes over on purpose, with a warning or `unused`). The others are read as files of their own. */
  claims(path: string): boolean
  /** Files among them that are kept as they are, before the first piece: the reader tells what is in them. */
  keeps?(path: string): boolean
  read(input: ArchiveInput): Pieces
  replay?(raw: string, options: ReadOptions): Piece | Promise<Piece>
}
