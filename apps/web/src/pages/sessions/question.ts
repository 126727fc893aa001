/** From the words of the address to what the server is asked. What makes no sense is left out. */

import type { SessionQuestion } from '../../api/queries.ts'
import type { Session } from '../../api/types.ts'
import { addDays, isDate } from '../../util/local-days.ts'
import type { SessionSearch } from '../../util/path-builder.ts'
import { instantOf } from '../../util/wall-time.ts'

const kinds: readonly Session['type'][] = ['workout', 'sleep', 'meditation', 'ecg']

const isUuid = (text: string | undefined) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text ?? '')

/** The number of `5000m`: bare numbers would stand in quotes in the address. 0 for anything else. */
export const amountOf = (text: string | undefined): number => Number.parseFloat(text ?? '') || 0

export function questionOf(search: SessionSearch, timeZone: string): SessionQuestion {
  const { kind, activity, source, from, to, q, distance, duration } = search
  const type = kinds.find((known) => known === kind)
  const start = (day: string) => instantOf(`${day}T00:00`, timeZone).toISOString()
  return {
    ...(type && { type }),
    ...(activity && { activity: activity.slice(0, 60) }),
    ...(source && isUuid(source) && { source }),
    ...(isDate(from) && { start_time: start(from) }),
    ...(isDate(to) && { end_time: start(addDays(to, 1)) }),
    ...(q && { q: q.slice(0, 100) }),
    ...(amountOf(distance) > 0 && { min_distance: amountOf(distance) }),
    ...(amountOf(duration) > 0 && { min_duration: amountOf(duration) }),
  }
}
