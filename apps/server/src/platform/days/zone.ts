/** A person's calendar: which local date a moment falls on, and when a date begins. Dates are days since 1970. */
import { Temporal } from 'temporal-polyfill'
import { dateAt } from '../instant.ts'
import { dayMs } from '../samples/points.ts'

export interface Zone {
  /** The first instant of a date, ms. A date that a zone skipped begins, and ends, where the next one begins. */
  startOf(day: number): number
  /** The last date that has begun by then. So each moment has one date, also where clocks were set back over midnight. */
  dayAt(ms: number): number
}

/** No place has been further from UTC since long before anything was measured; what sources say may be. */
export const farthestMs = 18 * 3_600_000

/** Dates whose beginning is remembered: finding one takes 20 µs, and ten years are resolved at once. */
const remembered = 20_000

const zones = new Map<string, Zone>()

export function zoneOf(name: string): Zone {
  const known = zones.get(name)
  if (known) return known
  const made = name === 'UTC' ? utc : makeZone(name)
  zones.set(name, made)
  return made
}

const utc: Zone = { startOf: (day) => day * dayMs, dayAt: (ms) => Math.floor(ms / dayMs) }

function makeZone(name: string): Zone {
  const starts = new Map<number, number>()
  const startOf = (day: number): number => {
    const known = starts.get(day)
    if (known !== undefined) return known
    if (starts.size >= remembered) starts.clear()
    const start = Temporal.PlainDate.from(dateOf(day)).toZonedDateTime(name).epochMilliseconds
    starts.set(day, start)
    return start
  }
  return {
    startOf,
    dayAt(ms) {
      let day = Math.floor(ms / dayMs)
      while (startOf(day + 1) <= ms) day++
      while (startOf(day) > ms) day--
      return day
    },
  }
}

/** A date as the wire writes it. */
export const dateOf = (day: number): string => dateAt(day)

export const dayOfDate = (date: string): number => Date.parse(date) / dayMs
