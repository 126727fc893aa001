/** What a sample store is, as plain maps: the yardstick of the property tests. */

import type { SliceTally } from '../compare.ts'
import type { Points } from '../points.ts'
import { rows } from './arbitrary.ts'

interface ModelPoint {
  value: number | undefined
  duration: number
  row: string
}

export class SeriesModel {
  private readonly points = new Map<number, ModelPoint>()

  /** One slice, as a request of its own: of a time said twice the last wins and the others are counted against it. */
  append(slice: Points): SliceTally {
    const tally = { accepted: 0, duplicates: 0, changed: 0 }
    const said = rows(slice).map((row, i) => ({
      time: slice.t[i] as number,
      value: slice.v[i],
      duration: slice.d?.[i] ?? 0,
      row,
    }))
    const winners = new Map(said.map((point) => [point.time, point]))
    for (const point of said) {
      const winner = winners.get(point.time)
      const before = point === winner ? this.points.get(point.time) : winner
      if (!before) tally.accepted++
      else if (before.value === point.value && before.duration === point.duration) tally.duplicates++
      else tally.changed++
    }
    for (const [time, point] of winners) this.points.set(time, point)
    return tally
  }

  delete(from: number, to: number): number {
    const gone = this.times(from, to)
    for (const time of gone) this.points.delete(time)
    return gone.length
  }

  read(from: number, to: number): string[] {
    return this.times(from, to).map((time) => this.points.get(time)?.row ?? '')
  }

  latest(): { t: number; value: number | undefined } | undefined {
    const t = this.times(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY).at(-1)
    return t === undefined ? undefined : { t, value: this.points.get(t)?.value }
  }

  private times(from: number, to: number): number[] {
    return [...this.points.keys()].filter((time) => time >= from && time < to).sort((a, b) => a - b)
  }
}
