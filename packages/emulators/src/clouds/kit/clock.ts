/** Time that stands still until it is turned. */
import type { CloudClock } from '../cloud.ts'

export class VirtualClock implements CloudClock {
  #now: number

  constructor(start: string | number) {
    this.#now = new Date(start).getTime()
    if (Number.isNaN(this.#now)) throw new Error(`not a time: ${start}`)
  }

  now(): number {
    return this.#now
  }

  advance(ms: number): void {
    if (!(ms >= 0)) throw new Error(`time goes forward, not by ${ms}`)
    this.#now += ms
  }
}
