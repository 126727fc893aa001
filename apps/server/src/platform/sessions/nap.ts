/** A sleep that is no night: shorter than three hours, and mostly by day. */
import { wallClock } from './local-time.ts'

const longestMs = 3 * 3_600_000
const dayMs = 86_400_000
/** From eight in the morning to nine in the evening people are up. */
const dayFrom = 8 * 3_600_000
const dayTo = 21 * 3_600_000

export interface Sleep {
  start: number
  end: number
  /** Minutes east of UTC, where the source says. */
  offset: number | null
}

export function isNap({ start, end, offset }: Sleep, timeZone: string): boolean {
  const length = end - start
  if (length <= 0 || length >= longestMs) return false
  const from = wallClock(start, offset, timeZone)
  return daytimeIn(from, from + length) > length / 2
}

/** Of a stretch shorter than a day, on the wall clock. */
function daytimeIn(from: number, to: number): number {
  const midnight = Math.floor(from / dayMs) * dayMs
  return [midnight, midnight + dayMs].reduce(
    (sum, day) => sum + Math.max(0, Math.min(to, day + dayTo) - Math.max(from, day + dayFrom)),
    0,
  )
}
