/** How much a record says, from what it came as and what it holds. */

export interface RecordContents {
  type: string
  format: string | null
  source_kind: string
  has_track: boolean
  /** Streams of its own. */
  streams: number
  parts: number
  totals: number
  /** Seconds told asleep or awake: a phone that only knows of lying in bed says less than a watch that slept along. */
  staged: number
  /** Seconds told as light, deep or REM: who only knows of sleep, however long, says less of it. */
  detailed: number
  start_at: Date
  end_at: Date
}

/** Files say which kind they are; all others are worth what they hold, up to an API's streams, which stand between FIT and TCX. */
const byFormat: Readonly<Record<string, number>> = { fit: 100, tcx: 40, gpx: 30 }

/** An hour told in stages is worth an hour and a half of sleep that is only known to have been: so half a night of stages does not hide a whole one. */
const stagesCount = 0.5

/** Richness, completeness, length: compared in this order. */
export function rankOf(record: RecordContents): number[] {
  const { type, has_track, streams, parts, totals, staged, detailed, start_at, end_at } = record
  const complete = (has_track ? 8 : 0) + 4 * Math.min(streams, 4) + (parts ? 4 : 0) + totals
  const seconds = (end_at.getTime() - start_at.getTime()) / 1_000
  if (type !== 'sleep') return [richnessOf(record), complete, seconds]
  return [richnessOf(record), staged + stagesCount * detailed, complete, seconds]
}

function richnessOf({ format, source_kind, has_track, streams, parts }: RecordContents): number {
  if (source_kind === 'manual') return 0
  const known = format === null ? undefined : byFormat[format]
  return known ?? 10 + (has_track ? 25 : 0) + (streams ? 25 : 0) + (parts ? 4 : 0)
}
