import type { Rejection, SeriesReading, SessionReading, SourceClaim } from '@tributary/protocol'

export type ActivityFormat = 'fit' | 'tcx' | 'gpx'

/** What one file held. Everything that was lost on the way is in `rejected`, `warnings` or `unused`; nothing is dropped in silence. */
export interface ParsedFile {
  format: ActivityFormat
  sessions: SessionReading[]
  /** Metrics of the catalogue, in its units, sorted by time. Values beyond its reject ranges are still among them: ingest judges those. */
  readings: SeriesReading[]
  source: SourceClaim
  /** Records, trackpoints or points read, the rejected ones included. */
  records: number
  /** The first hundred losses with their places. */
  rejected: Rejection[]
  /** How often each code of rejection came up: all of them, beyond the hundred too. */
  rejectedByCode: Record<string, number>
  /** What a person should know about the file, once for each code. */
  warnings: Warning[]
  /** Parts of the file that have no meaning to us (yet), and how often they came. */
  unused: Unused[]
}

export interface Warning {
  code: string
  detail: string
}

export interface Unused {
  name: string
  count: number
  /** Why, where that is known of what it is. */
  reason?: string
}

/** Nothing of the file can be used; `detail` is a sentence for the person who sent it. */
export class FormatError extends Error {
  override name = 'FormatError'
  readonly code: string
  readonly detail: string
  constructor(code: string, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.detail = detail
  }
}

export interface Limits {
  /** Highest size of the file after decompression, in bytes. */
  bytes: number
  /** Most records or points. */
  records: number
}

export interface ParseOptions {
  /** May tell the sport where the file does not; never the format. */
  filename?: string
  /** Lower (or raise) the format's own limits. */
  limits?: Partial<Limits>
  /** Milliseconds since 1970; times more than a day later are refused. Absent: the clock. */
  now?: number
}
