import type { SyncRun } from '../api/types.ts'
import type { Tone } from '../ui/pill.tsx'

/** How a sync ended, in a word. */
export const runWords: Record<SyncRun['status'], { word: string; tone: Tone }> = {
  pending: { word: 'Waiting to start', tone: 'accent' },
  running: { word: 'Syncing', tone: 'accent' },
  completed: { word: 'Synced', tone: 'good' },
  partial: { word: 'Synced in part', tone: 'warn' },
  failed: { word: 'Not synced', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'quiet' },
}
