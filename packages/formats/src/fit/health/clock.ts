import { dayMs } from '../../limits.ts'
import { clockOf, type LocalClock } from '../../zones.ts'
import { fitTimeToMs } from '../profile.ts'

/** Offsets east of UTC that places have. */
const plausible = (minutes: number) => minutes >= -12 * 60 && minutes <= 14 * 60

/** The wall clock of the device: what the file states from time to time, else the person's zone. */
export class WallClock {
  readonly #own: LocalClock
  #stated: { from: number; offset: number }[] = []

  constructor(timeZone: string) {
    this.#own = clockOf(timeZone)
  }

  /** `local` and `utc` in FIT's seconds: what the wall showed at an instant. A clock that is wrong by days says nothing. */
  state(local: number | undefined, utc: number): void {
    if (local === undefined || !Number.isFinite(utc)) return
    const offset = Math.round((local - utc) / 900) * 15
    if (!plausible(offset)) return
    this.#stated.push({ from: fitTimeToMs(utc), offset })
    this.#stated.sort((a, b) => a.from - b.from)
  }

  /** Minutes east of UTC, where the file says so. */
  statedAt(t: number): number | undefined {
    return (this.#stated.findLast(({ from }) => from <= t) ?? this.#stated[0])?.offset
  }

  offsetAt(t: number): number {
    return this.statedAt(t) ?? this.#own.offsetAt(t)
  }

  /** When the local day began that ends with, or holds, `t`: midnight itself ends the day before it. */
  midnightBefore(t: number): number {
    const stated = this.statedAt(t)
    const offset = stated ?? this.#own.offsetAt(t - 1)
    const local = Math.floor((t - 1 + offset * 60_000) / dayMs) * dayMs
    return stated === undefined ? this.#own.timeOf(local) : local - stated * 60_000
  }
}

/** The full time that the low 16 bits stand for: the first such second from `clock` on. */
export function rollSeconds(clock: number, low: number): number {
  return clock + ((low - clock) & 0xffff)
}

/** The same with the low eight bits of a minute. */
export function rollMinutes(clock: number, low: number): number {
  const minute = Math.floor(clock / 60)
  return (minute + ((low - minute) & 0xff)) * 60
}
