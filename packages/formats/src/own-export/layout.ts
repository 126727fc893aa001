/** The lines of our own export, as the writer writes and the reader reads them. A change that old readers cannot read is a new version. */
import type { TextColumn } from './columns.ts'

export const exportFormat = 'tributary'
export const exportVersion = 1
export const manifestPath = 'manifest.json'

/** In the order in which they are read: sessions stand on the samples they have. */
export const exportParts = ['samples', 'days', 'events', 'positions', 'sessions'] as const
export type ExportPart = (typeof exportParts)[number]

export const partPath = (part: ExportPart, source: number): string => `${part}/${source}.ndjson`

export type ExportCounts = Record<ExportPart | 'files', number>

export interface ExportSource {
  /** The same in every export of the same source. */
  key: string
  name: string
  kind: string
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
  /** Where in the archive the file stands it came from. */
  file: string | null
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
