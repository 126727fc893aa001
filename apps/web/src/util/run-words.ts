import type { SyncRun } from '../api/types.ts'
import type { Tone } from '../ui/pill.tsx'
import type { Format } from './format.ts'

/** How a sync ended, in a word. */
export const runWords: Record<SyncRun['status'], { word: string; tone: Tone }> = {
  pending: { word: 'Waiting to start', tone: 'accent' },
  running: { word: 'Syncing', tone: 'accent' },
  completed: { word: 'Synced', tone: 'good' },
  partial: { word: 'Synced in part', tone: 'warn' },
  failed: { word: 'Not synced', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'quiet' },
}

/** Why nothing came, and from when it is worth trying again where the provider said. */
export function failureWords(
  { error_message: message, error_details: details }: Pick<SyncRun, 'error_message' | 'error_details'>,
  format: Pick<Format, 'dateTime'>,
): string {
  const retryAt = details?.['retry_at']
  const until = typeof retryAt === 'string' ? `until ${format.dateTime(retryAt)}` : ''
  return [message, until].filter(Boolean).join(', ')
}
