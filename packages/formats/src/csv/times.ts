import { type Clock, type DateOrder, readClock, readOfDay } from '../clock-text.ts'
import { dayMs } from '../limits.ts'
import { clockOf, findClock, type Instant, type LocalClock } from '../zones.ts'
import type { CsvMap, TimeFormat } from './mapping.ts'
import { readCell } from './numbers.ts'

/** When a row says it was. */
export interface RowTime extends Instant {
  /** The cell holds no time of day. */
  isDateOnly: boolean
  /** The row states where it was, or counts seconds of the world. */
  isStated: boolean
  /** What the clock showed, in milliseconds as if it were UTC. */
  wall: number
}

const orders: Readonly<Partial<Record<TimeFormat, DateOrder>>> = { iso: 'ymd', ymd: 'ymd', dmy: 'dmy', mdy: 'mdy' }
/** Where spreadsheets begin to count days. */
const excelEpoch = Date.UTC(1899, 11, 30)

/** Reads the time of a row as a mapping says. */
export class TimeReader {
  readonly #map: CsvMap
  readonly #clock: LocalClock
  #last = Number.NEGATIVE_INFINITY

  constructor(map: CsvMap, timeZone: string) {
    this.#map = map
    this.#clock = (map.time.time_zone && findClock(map.time.time_zone)) || clockOf(timeZone)
  }

  /** Of a time that clocks showed twice, the second when the row before was later than the first. */
  read(cell: string, timeCell?: string): RowTime | undefined {
    const time = this.#read(cell, timeCell)
    if (time) this.#last = time.t
    return time
  }

  /** When a local date begins. */
  midnight(wall: number): number {
    return this.#clock.timeOf(wall)
  }

  #read(cell: string, timeCell: string | undefined): RowTime | undefined {
    const { format } = this.#map.time
    if (format === 'unix' || format === 'unix_ms') return this.#world(cell, format === 'unix' ? 1000 : 1)
    const clock = format === 'excel' ? this.#serial(cell) : readClock(cell, orders[format] ?? 'ymd')
    if (!clock) return undefined
    if (!timeCell?.trim()) return this.#place(clock)
    const ofDay = this.#fraction(timeCell) ?? readOfDay(timeCell)
    return ofDay && this.#place({ ...clock, ...ofDay })
  }

  #world(cell: string, times: number): RowTime | undefined {
    const count = readCell(cell, this.#map.decimal)
    if (!count || count.unit) return undefined
    const t = Math.round(count.value * times)
    if (!(Math.abs(t) < 8e15)) return undefined
    const offset = this.#clock.offsetAt(t)
    return { t, offset, isDateOnly: false, isStated: true, wall: t + offset * 60_000 }
  }

  #serial(cell: string): Clock | undefined {
    const days = readCell(cell, this.#map.decimal)
    if (!days || days.unit || !(days.value >= 1 && days.value < 200_000)) return undefined
    const date = excelEpoch + Math.floor(days.value) * dayMs
    // A day's fraction has no more than a millisecond in it, and whole seconds come as 0.99999.
    const ofDay = Math.round((days.value % 1) * 86_400) * 1000
    return days.value % 1 === 0 ? { date } : { date, ofDay }
  }

  /** A spreadsheet's time of day: a fraction of the day. */
  #fraction(cell: string): { ofDay: number } | undefined {
    const part = this.#map.time.format === 'excel' ? readCell(cell, this.#map.decimal) : undefined
    return part && !part.unit && part.value >= 0 && part.value < 1
      ? { ofDay: Math.round(part.value * 86_400) * 1000 }
      : undefined
  }

  #place({ date, ofDay, offset }: Clock): RowTime {
    const wall = date + (ofDay ?? 0)
    const isDateOnly = ofDay === undefined
    if (offset !== undefined) return { t: wall - offset * 60_000, offset, isDateOnly, isStated: true, wall }
    return {
      ...this.#clock.instantOf(wall, this.#last - 1), // rows may share a time
      isDateOnly,
      isStated: false,
      wall,
    }
  }
}
