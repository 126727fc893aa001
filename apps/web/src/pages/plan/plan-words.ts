import type { Plan } from '../../api/types.ts'
import type { Tone } from '../../ui/pill.tsx'
import { type Format, hoursAndMinutes } from '../../util/format.ts'
import { activityWords } from '../../util/session-words.ts'

export const planWords: Record<Plan['status'], { word: string; tone: Tone; mark: string }> = {
  planned: { word: 'Planned', tone: 'accent', mark: '○' },
  fulfilled: { word: 'Done', tone: 'good', mark: '✓' },
  missed: { word: 'Missed', tone: 'warn', mark: '×' },
  skipped: { word: 'Skipped', tone: 'quiet', mark: '–' },
}

/** "Running, 10 km, 1 h". */
export function aimWords({ activity, distance, duration }: Plan, format: Format): string {
  return [
    activity && activityWords(activity),
    distance && format.total('distance', distance),
    duration && hoursAndMinutes(duration),
  ]
    .filter(Boolean)
    .join(', ')
}
