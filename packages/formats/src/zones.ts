/** Between wall clocks and instants, by IANA zone. Wall times are the milliseconds that the same digits would be in UTC. */
import { dayMs } from './limits.ts'

const minuteMs = 60_000
/** A zone costs 60 kB and a name that is none 50 µs; a person has a handful, and a forged file as many as it likes. */
const mostClocks = 50
const mostOtherNames = 1000
const longestName = 60
/** Half a life: a forged file names days of ten thousand years. */
const mostDays = 20_000

export interface Instant {
  t: number
  /** Minutes east of UTC. */
  offset: number
  /** The clock showed it twice (the first is taken) or never (it is read as if the clock had not been put forward yet). */
  doubt?: 'twice' | 'never'
}

/** The wall clock of one zone. */
export class LocalClock {
  readonly #read: (t: number) => number
  /** By day of UTC: its offset, or null when the clocks change on it. */
  readonly #days = new Map<number, number | null>()

  /** `read` gives the minutes east of UTC at an instant, slowly. */
  constructor(read: (t: number) => number) {
    this.#read = read
  }

  /** Minutes east of UTC at an instant. */
  offsetAt(t: number): number {
    const day = Math.floor(t / dayMs)
    let offset = this.#days.get(day)
    if (offset === undefined) {
      const first = this.#read(day * dayMs)
      offset = this.#read((day + 1) * dayMs) === first ? first : null // no zone changes there and back within a day
      if (this.#days.size >= mostDays) this.#days.clear()
      this.#days.set(day, offset)
    }
    return offset ?? this.#read(t)
  }

  /**
   * When the clock showed a wall time. Of an hour that it showed twice it is the first, unless it is known to be `after` a time
   * that the first is not.
   */
  instantOf(wall: number, after = Number.NEGATIVE_INFINITY): Instant {
    const dayBefore = this.offsetAt(wall - dayMs)
    const dayAfter = this.offsetAt(wall + dayMs)
    const early = { t: wall - dayBefore * minuteMs, offset: dayBefore }
    if (dayBefore === dayAfter) return early
    const late = { t: wall - dayAfter * minuteMs, offset: dayAfter }
    const isEarly = this.offsetAt(early.t) === dayBefore
    const isLate = this.offsetAt(late.t) === dayAfter
    if (isEarly && isLate) return { ...(early.t <= after && late.t >= after ? late : early), doubt: 'twice' }
    if (isEarly) return early
    return isLate ? late : { t: early.t, offset: this.offsetAt(early.t), doubt: 'never' }
  }

  timeOf(wall: number): number {
    return this.instantOf(wall).t
  }

  wallOf(t: number): number {
    return t + this.offsetAt(t) * minuteMs
  }

  /** The local date of an instant, YYYY-MM-DD. */
  dateOf(t: number): string {
    return dateOf(t, this.offsetAt(t))
  }
}

/** Wall times of one list, each later than the one before: what comes after 02:59 and reads 02:00 is the second 02:00. */
export class WallSequence {
  readonly #clock: LocalClock
  #last = Number.NEGATIVE_INFINITY

  constructor(clock: LocalClock) {
    this.#clock = clock
  }

  timeOf(wall: number): number {
    this.#last = this.#clock.instantOf(wall, this.#last).t
    return this.#last
  }
}

const clocks = new Map<string, LocalClock>()
const otherNames = new Set<string>()

/** @throws RangeError for a zone that is not one. */
export function clockOf(timeZone: string): LocalClock {
  const clock = findClock(timeZone)
  if (!clock) throw new RangeError(`there is no zone ${timeZone.slice(0, longestName)}`)
  return clock
}

/** The clock of a zone as files name it: `Europe/Berlin`, `+02:00`, `GMT+0200`. Undefined when there is no such zone. */
export function findClock(name: string): LocalClock | undefined {
  const key = name.length > longestName ? '' : name.toLowerCase()
  const known = clocks.get(key)
  if (known || otherNames.has(key)) return known
  const clock = clockNamed(key)
  const [kept, most] = clock ? [clocks, mostClocks] : [otherNames, mostOtherNames]
  if (kept.size >= most) kept.clear()
  if (clock) clocks.set(key, clock)
  else otherNames.add(key)
  return clock
}

function clockNamed(name: string): LocalClock | undefined {
  // Foundation writes `GMT+0200` for a zone without a place.
  const timeZone = name.replace(/^(?:gmt|utc)(?=[+-]\d)/, '')
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    return new LocalClock((t) => readOffset(format, t))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readOffset(format: Intl.DateTimeFormat, t: number): number {
  const name = format.formatToParts(t).find((part) => part.type === 'timeZoneName')?.value ?? ''
  const match = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name)
  if (!match) throw new RangeError(`no offset in ${name}`)
  return match[1] ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0
}

/** YYYY-MM-DD that a clock with this offset shows. */
export function dateOf(t: number, offset: number): string {
  return dateOfWall(t + offset * minuteMs)
}

export function dateOfWall(wall: number): string {
  return new Date(wall).toISOString().slice(0, 10)
}
