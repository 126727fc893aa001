import type { PieceSource } from '../piece.ts'
import type { Gatherer } from './gatherer.ts'

/** Figures that a source states by the minute and the catalogue knows by the day only. */
export class DaySums {
  readonly #sums = new Map<
    string,
    { source: PieceSource; metric: string; date: string; value: number; unit?: string }
  >()

  add(source: PieceSource, metric: string, date: string, value: number, unit?: string): void {
    const key = `${source.key} ${metric} ${date}`
    const sum = this.#sums.get(key)
    if (sum) sum.value += value
    else this.#sums.set(key, { source, metric, date, value, ...(unit === undefined ? {} : { unit }) })
  }

  get isEmpty(): boolean {
    return this.#sums.size === 0
  }

  into(gather: Gatherer): void {
    for (const { source, ...reading } of this.#sums.values()) gather.day(source, reading)
    this.#sums.clear()
  }
}
