/** What became of an import or one of its files, in words. */
import type { Import, ImportFile } from '../api/types.ts'
import type { Tone } from '../ui/pill.tsx'

export const importWords: Record<ImportFile['status'], { word: string; tone: Tone }> = {
  queued: { word: 'Waiting', tone: 'quiet' },
  reading: { word: 'Reading', tone: 'accent' },
  done: { word: 'Imported', tone: 'good' },
  partial: { word: 'Imported in part', tone: 'warn' },
  failed: { word: 'Not imported', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'quiet' },
  duplicate: { word: 'Known already', tone: 'quiet' },
  waiting: { word: 'Needs a word from you', tone: 'warn' },
}

export const isReading = ({ status }: Pick<Import, 'status'>) => status === 'queued' || status === 'reading'

/** "1 session", "2 sessions". */
export const counted = (count: string, one: string, many = `${one}s`) => `${count} ${count === '1' ? one : many}`
