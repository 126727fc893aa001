/** What became of an import or one of its files, in words. */
import type { Import, ImportFile } from '../api/types.ts'
import type { Tone } from '../ui/pill.tsx'
import { sentenceCase } from './device-words.ts'
import type { Format } from './format.ts'

/** Those that want something from the person come first. */
export const importWords: Record<ImportFile['status'], { word: string; tone: Tone }> = {
  failed: { word: 'Not imported', tone: 'bad' },
  waiting: { word: 'Needs a word from you', tone: 'warn' },
  partial: { word: 'Imported in part', tone: 'warn' },
  reading: { word: 'Reading', tone: 'accent' },
  queued: { word: 'Waiting', tone: 'quiet' },
  done: { word: 'Imported', tone: 'good' },
  duplicate: { word: 'Known already', tone: 'quiet' },
  cancelled: { word: 'Cancelled', tone: 'quiet' },
}

export const fileStatuses = Object.keys(importWords) as ImportFile['status'][]

export const isReading = ({ status }: Pick<Import, 'status'>) => status === 'queued' || status === 'reading'

/** "1 session", "2 sessions". */
export const counted = (count: string, one: string, many = `${one}s`) => `${count} ${count === '1' ? one : many}`

const formatWords: Record<string, string> = {
  apple_health: 'Apple Health',
  apple_health_xml: 'Apple Health',
  takeout: 'Google Takeout',
  mi_fitness: 'Mi Fitness',
  zepp: 'Zepp',
  gadgetbridge: 'Gadgetbridge',
  health_auto_export: 'Health Auto Export',
  dexcom_clarity: 'Dexcom Clarity',
  csv: 'Table',
  tributary: 'Tributary export',
  zip: 'Archive',
  // Of a connection's records the format is its provider.
  polar_dynamic: 'Polar (Dynamic API)',
  whoop: 'WHOOP',
  coros: 'COROS',
  intervals: 'intervals.icu',
}

/** Activity formats are called by their letters. */
export const formatWord = (format: string) =>
  formatWords[format] ?? (format.length <= 4 ? format.toUpperCase() : sentenceCase(format))

/** "export.zip", "ride.fit and 12 more". */
export function importTitle({ files, files_total }: Pick<Import, 'files' | 'files_total'>, format: Format): string {
  const first = files[0]?.name ?? 'Nothing'
  return files_total > 1 ? `${first} and ${format.number(files_total - 1)} more` : first
}

type Brought = Pick<Import, 'samples' | 'sessions' | 'duplicates' | 'rejected'> & { changed?: number; deleted?: number }

/** What came of it, number by number, without those that are nothing. */
export function broughtWords(brought: Brought, format: Format): string[] {
  const count = (value: number | undefined, one: string, many?: string) =>
    value ? [counted(format.number(value), one, many)] : []
  return [
    ...count(brought.sessions, 'session'),
    ...count(brought.samples, 'new value'),
    ...count(brought.changed, 'changed value'),
    ...count(brought.duplicates, 'value known already', 'values known already'),
    ...count(brought.rejected, 'record that could not be used', 'records that could not be used'),
    ...count(
      brought.deleted,
      'value deleted, because a newer export no longer has it',
      'values deleted, because a newer export no longer has them',
    ),
  ]
}
