/** The lines of our own export, as the writer writes and the reader reads them. A change that old readers cannot read is a new version. */
import type { TextColumn } from './columns.ts'

export const exportFormat = 'tributary'
export const exportVersion = 1
export const manifestPath = 'manifest.json'

/** In the order in which they are read: sessions stand on the samples they have. */
export const exportParts = ['samples', 'days', 'events', 'positions', 'sessions'] as const
export type ExportPart = (typeof exportParts)[number]

export const partPath = (part: ExportPart, source: number): string => `${part}/${source}.ndjson`

/** Lists that belong to no source: what is planned, and what stays deleted. */
export const exportLists = ['planned_sessions', 'suppressions'] as const
export type ExportList = (typeof exportLists)[number]

export const listPath = (list: ExportList): string => `${list}.ndjson`

export type ExportCounts = Record<ExportPart | ExportList | 'files', number>

export const noExportCounts = (): ExportCounts => ({
  samples: 0,
  days: 0,
  events: 0,
  positions: 0,
  sessions: 0,
  planned_sessions: 0,
  suppressions: 0,
  files: 0,
})

export interface ExportSource {
  /** The same in every export of the same source. */
  key: string
  name: string
  kind: string
  /** Of an app or thing inside another archive, which it is known by. */
  archive?: string
  external_key?: string
  device_type?: string
  manufacturer?: string
  model?: string
  serial?: string
  firmware?: string
  app?: string
}

export interface Manifest {
  format: typeof exportFormat
  version: number
  created_at: string
  /** Null: everything. */
  start_time: string | null
  end_time: string | null
  metrics: string[] | null
  sources: ExportSource[]
  counts: ExportCounts
}

export interface SampleLine {
  metric: string
  n: number
  /** The first as it is, then each one's distance from the one before. */
  t: TextColumn
  v: TextColumn
  d?: TextColumn
  q?: TextColumn
  z?: TextColumn
  m?: TextColumn
}

export interface DayLine {
  metric: string
  date: string
  value: number
  quality: number
}

export interface EventLine {
  metric: string
  start: number
  end: number | null
  value: Record<string, number | string | null>
  quality: number
  offset: number | null
  external_id: string
}

export interface WayLine {
  n: number
  t: TextColumn
  lat: TextColumn
  lon: TextColumn
  ele: TextColumn
}

export interface SessionLine {
  type: string
  is_nap: boolean
  external_id: string
  activity: string | null
  title: string | null
  notes: string | null
  start: number
  end: number
  offset: number | null
  totals: Record<string, number>
  derived: string[]
  extra: Record<string, unknown>
  /** What the source had said where a person changed it. */
  edits: Record<string, unknown> | null
  /** Where in the archive the file stands it came from, of what kind that is and how it was called. */
  file: string | null
  format: string | null
  file_name: string | null
  /** SHA-256 of what the source said, in hex. */
  hash: string | null
  parts: {
    kind: string
    start: number
    end: number
    label: string | null
    intensity: string | null
    totals: Record<string, number>
  }[]
  track: WayLine | null
  streams: Record<string, { n: number; t: TextColumn; v: TextColumn }>
}

export interface PlanLine {
  id: string
  activity: string | null
  title: string
  description: string | null
  date: string
  start: number | null
  duration: number | null
  distance: number | null
  skipped: number | null
  matched_by: string | null
  /** What fulfilled it: the number of a source, and the session's id there. */
  session: { source: number; external_id: string } | null
  /** Who told it: the number of a source, and the plan's id there. Null of one that its person planned. */
  told: { source: number; external_id: string } | null
  /** What its source says where the person changed it. */
  edits: Record<string, unknown> | null
}

export interface SuppressionLine {
  id: string
  /** The number of a source; null: all of them. */
  source: number | null
  metric: string | null
  external_id: string | null
  title: string | null
  start: number | null
  end: number | null
}
