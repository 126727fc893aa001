import type { DaySums } from '../archives/day-sums.ts'
import type { Gatherer } from '../archives/gatherer.ts'
import type { Stage } from '../archives/night.ts'
import type { Losses } from '../losses.ts'
import type { ArchiveEntry, PieceSource } from '../piece.ts'
import type { LocalClock } from '../zones.ts'

/** What the readers of single entries share while one archive is read. */
export interface Context {
  gather: Gatherer
  losses: Losses
  clock: LocalClock
  now: number
  /** Figures that a source states by the minute and the catalogue knows by the day: sums by metric and local date. */
  days: DaySums
  /** Google Fit's stages of all nights, put together at the end. */
  stages: Stage[]
  /** Nights that Google Fit knows as sessions, shown where it has no stages. */
  sleeps: { start: number; end: number; offset: number | undefined }[]
}

/** Reads an entry into the gatherer and stops whenever that is full. */
export type EntryReader = (entry: ArchiveEntry, context: Context) => AsyncGenerator<void>

export const googleFit: PieceSource = { key: 'google_fit', name: 'Google Fit', app: 'Google Fit' }
export const fitbit: PieceSource = { key: 'fitbit', name: 'Fitbit', app: 'Fitbit' }
