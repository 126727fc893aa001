/** Times of a wall clock without a date: `23:12`. */
import { momentOf, offsetIn } from '../kit/zone.ts'

const dayMs = 86_400_000

export const msOfClock = (text: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number)
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000
}

/**
 * Clock times of one night in the order in which they came, as instants: each is the next such time at or after the minute in which
 * the night began. As numbers, or as they stand in the JSON, they would be out of order past midnight.
 */
export function alongNight<T>(
  byClock: Readonly<Record<string, T>> | null | undefined,
  start: number,
  offset: number,
): [number, T][] {
  const wall = start + offset * 60_000
  const minute = wall - (wall % 60_000)
  return Object.entries(byClock ?? {})
    .map(([clock, value]): [number, T] => {
      const since = (((msOfClock(clock) - (minute % dayMs)) % dayMs) + dayMs) % dayMs
      return [minute + since - offset * 60_000, value]
    })
    .sort(([a], [b]) => a - b)
}

/**
 * From wall times of a day, or of the evening before, to instants. Looking a zone up costs 15 µs, and a day has hundreds of times: it
 * is done for each only where the clocks change.
 */
export function clockOfDay(midnight: number, timeZone: string): (wall: number) => number {
  const offset = offsetIn(timeZone, midnight - dayMs) ?? 0
  const isSteady = offset === (offsetIn(timeZone, midnight + 2 * dayMs) ?? 0)
  return isSteady ? (wall) => wall - offset * 60_000 : (wall) => momentOf(wall, timeZone)
}
