import { dayMs } from '../limits.ts'

const minute = 60_000

/**
 * The wall clock of one zone, for files that write local times without saying where. Wall times are given as the milliseconds that
 * the same digits would be in UTC.
 */
export class LocalClock {
  readonly #parts: Intl.DateTimeFormat
  /** By day of UTC: its offset, or null when the clocks change on it. */
  readonly #days = new Map<number, number | null>()

  constructor(timeZone: string) {
    this.#parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** Minutes east of UTC at a time. */
  offsetAt(t: number): number {
    const day = Math.floor(t / dayMs)
    let offset = this.#days.get(day)
    if (offset === undefined) {
      const first = this.#ask(day * dayMs)
      offset = this.#ask((day + 1) * dayMs) === first ? first : null // no zone changes there and back within a day
      this.#days.set(day, offset)
    }
    return offset ?? this.#ask(t)
  }

  /**
   * The time at which the wall showed it. In the hour that comes twice it is the first unless `notBefore` says that it was later; in
   * the hour that is left out, as much later as the clocks went forward.
   */
  timeOf(wall: number, notBefore = Number.NEGATIVE_INFINITY): number {
    const before = wall - this.offsetAt(wall - dayMs) * minute
    const after = wall - this.offsetAt(wall + dayMs) * minute
    if (before === after) return before
    const isBefore = this.wallOf(before) === wall
    const isAfter = this.wallOf(after) === wall
    if (isBefore && isAfter) {
      const [early, late] = before < after ? [before, after] : [after, before]
      return early > notBefore ? early : late
    }
    return isAfter ? after : before
  }

  wallOf(t: number): number {
    return t + this.offsetAt(t) * minute
  }

  /** The local date of a time, YYYY-MM-DD. */
  dateOf(t: number): string {
    return dateOfWall(this.wallOf(t))
  }

  #ask(t: number): number {
    const seconds = Math.floor(t / 1000) * 1000
    const parts: Record<string, string> = {}
    for (const { type, value } of this.#parts.formatToParts(seconds)) parts[type] = value
    const { era, year, month, day, hour, minute: min, second } = parts as Record<string, string>
    const y = era === 'BC' ? 1 - Number(year) : Number(year)
    const wall = Date.UTC(y, Number(month) - 1, Number(day), Number(hour), Number(min), Number(second))
    return Math.round((wall - seconds) / minute)
  }
}

export function dateOfWall(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10)
}

/** Wall times of one file in their order: what comes after 02:59 and reads 02:00 is the second 02:00. */
export class WallSequence {
  readonly #clock: LocalClock
  #last = Number.NEGATIVE_INFINITY

  constructor(clock: LocalClock) {
    this.#clock = clock
  }

  timeOf(wall: number): number {
    const t = this.#clock.timeOf(wall, this.#last)
    this.#last = t
    return t
  }
}
