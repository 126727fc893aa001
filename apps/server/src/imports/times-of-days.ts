import type { Piece } from '@tributary/formats'
import type { Measured } from '@tributary/protocol'
import { isOfArchive } from './app-source.ts'
import { dayMs, metricOf, seriesKey } from './said.ts'

/** The exact times that an export gives of some days of some series. */
export class TimesOfDays {
  readonly #times = new Map<string, Map<number, Set<number>>>()

  constructor(days: readonly { key: string; day: number }[]) {
    for (const { key, day } of days) {
      const ofSeries = this.#times.get(key) ?? new Map<number, Set<number>>()
      this.#times.set(key, ofSeries.set(day, new Set()))
    }
  }

  note({ source }: Piece, readings: readonly Measured[]): void {
    if (!isOfArchive(source)) return
    for (const reading of readings) {
      if (reading.kind !== 'series' && reading.kind !== 'sample') continue
      const days = this.#times.get(seriesKey(source.key, metricOf(reading.metric)))
      if (!days) continue
      for (const t of reading.kind === 'series' ? reading.t : [Math.round(reading.t)])
        days.get(Math.floor(t / dayMs))?.add(t)
    }
  }

  of(key: string, day: number): ReadonlySet<number> {
    return this.#times.get(key)?.get(day) ?? new Set()
  }
}
