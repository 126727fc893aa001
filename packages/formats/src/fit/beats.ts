import { SampleColumns } from '../columns.ts'
import type { Losses } from '../losses.ts'
import { type Budget, spend } from './budget.ts'
import type { Message } from './definition.ts'
import { fitTimeToMs } from './profile.ts'

/** Beats whose summed time is further than this from the records' clock were interrupted: they are set to that clock again. */
const longestDrift = 10
const clockHz = 1024

/**
 * Beat-to-beat intervals (hrv) and the heart rates of a strap that was out of reach (hr).
 * Intervals have no time of their own: they follow each other, beginning at the last time that any message stated.
 */
export class Beats {
  readonly samples = new SampleColumns()
  readonly #losses: Losses
  readonly #budget: Budget
  #clock = Number.NaN
  /** FIT seconds at which the strap's clock stood at `#strapTicks`. */
  #strapSeconds = Number.NaN
  #strapTicks = 0

  constructor(losses: Losses, budget: Budget) {
    this.#losses = losses
    this.#budget = budget
  }

  addIntervals(message: Message, last: number): void {
    if (last === 0) {
      this.#losses.warn('beats_untimed', 'beats before the first time in the file are left out')
      return
    }
    for (const raw of message.numbers(0)) {
      if (Number.isNaN(raw)) continue
      const seconds = raw / 1000
      if (!(Math.abs(this.#clock - last) <= longestDrift)) this.#clock = last
      this.#clock += seconds
      this.#push('rr_interval', this.#clock, raw)
    }
  }

  /** The first message states both clocks; later ones only the low 12 bits of the strap's. */
  addHeartRates(message: Message): void {
    const rates = message.numbers(6)
    const stated = message.numbers(9)
    if (stated.length && Number.isFinite(message.time)) {
      this.#strapSeconds = message.time + (message.number(0, 32_768) ?? message.number(1, 256) ?? 0)
      this.#strapTicks = stated.at(-1) as number
    }
    const ticks = stated.length ? stated : this.#unpackTicks(message.numbers(10))
    if (Number.isNaN(this.#strapSeconds) || Number.isNaN(this.#strapTicks)) {
      this.#losses.warn('beats_untimed', 'heart rates of the strap before its first time are left out')
      return
    }
    const reference = stated.length ? (stated.at(-1) as number) : this.#strapTicks
    for (const [i, rate] of rates.entries()) {
      const tick = ticks[i]
      if (tick === undefined || Number.isNaN(rate) || Number.isNaN(tick)) continue
      this.#push('heart_rate', this.#strapSeconds + (tick - reference) / clockHz, rate)
    }
    const newest = ticks.at(-1)
    if (newest === undefined) return
    this.#strapSeconds += (newest - reference) / clockHz
    this.#strapTicks = newest
  }

  /** Two 12-bit times in three bytes, low bits first; each is the first such time after the one before. */
  #unpackTicks(bytes: number[]): number[] {
    const ticks: number[] = []
    let latest = this.#strapTicks
    for (let i = 0; i + 2 < bytes.length; i += 3) {
      const [a, b, c] = bytes.slice(i, i + 3).map((byte) => (Number.isNaN(byte) ? 0xff : byte)) as [
        number,
        number,
        number,
      ]
      for (const low of [a | ((b & 15) << 8), (b >> 4) | (c << 4)]) {
        latest += (low - latest) & 0xfff
        ticks.push(latest)
      }
    }
    return ticks
  }

  #push(metric: string, seconds: number, value: number): void {
    spend(this.#budget, 'beats')
    this.samples.push(metric, fitTimeToMs(seconds), value)
  }
}
