import type { Losses } from '../../losses.ts'

interface Counter {
  t: number
  value: number
  /** Where the stretch that ends at `t` began; undefined while only the first value is known. */
  from: number | undefined
}

interface Stretch {
  end: number
  amount: number
  place: number
}

/**
 * Counters that grow from local midnight on, one for each type of activity, become amounts of stretches of time. Types that
 * begin a stretch at the same instant share it: a series holds one amount for one start.
 *
 * States of a counter. Unseen: its first value counts from midnight when the file was there at midnight, and else only says
 * where it stood (an earlier file has what was counted before). Seen: the difference to the value before; when the day has
 * changed, or the value is lower (the device was started anew), the value itself.
 */
export class Counters {
  readonly #counters = new Map<string, Counter>()
  readonly #stretches = new Map<string, Map<number, Stretch>>()
  readonly #losses: Losses

  constructor(losses: Losses) {
    this.#losses = losses
  }

  /** `midnight`: of the day that ends with `t`; `begun`: when the file began. */
  add(
    metric: string,
    type: number | undefined,
    t: number,
    value: number,
    at: { midnight: number; begun: number; place: number },
  ): void {
    const name = `${metric} ${type}`
    const known = this.#counters.get(name)
    if (!known) {
      this.#counters.set(name, { t, value, from: at.begun <= at.midnight ? at.midnight : undefined })
      if (at.begun <= at.midnight) this.#stretch(metric, at.midnight, t, value, at.place)
      else if (value > 0) {
        this.#losses.warn(
          'counter_begun',
          `${metric} stood at ${value} when the file began: what came before is in an earlier file`,
        )
      }
    } else if (t < known.t) {
      this.#losses.reject(at.place, 'counter_backwards', `a count of ${metric} is older than the one before it`)
    } else if (t === known.t) {
      if (known.from !== undefined && value > known.value)
        this.#stretch(metric, known.from, t, value - known.value, at.place)
      known.value = Math.max(known.value, value)
    } else {
      const isNewDay = at.midnight >= known.t
      const from = isNewDay ? at.midnight : known.t
      const amount = isNewDay || value < known.value ? value : value - known.value
      this.#stretch(metric, from, t, amount, at.place)
      this.#counters.set(name, { t, value, from })
    }
  }

  /** An amount that is not cumulative. */
  addAmount(metric: string, from: number, end: number, amount: number, place: number): void {
    this.#stretch(metric, from, end, amount, place)
  }

  *stretches(): Generator<{ metric: string; start: number } & Stretch> {
    for (const [metric, stretches] of this.#stretches) {
      for (const [start, stretch] of stretches) yield { metric, start, ...stretch }
    }
  }

  #stretch(metric: string, start: number, end: number, amount: number, place: number): void {
    let stretches = this.#stretches.get(metric)
    if (!stretches) {
      stretches = new Map()
      this.#stretches.set(metric, stretches)
    }
    const same = stretches.get(start)
    if (!same) stretches.set(start, { end, amount, place })
    else {
      same.end = Math.max(same.end, end)
      same.amount += amount
    }
  }
}
