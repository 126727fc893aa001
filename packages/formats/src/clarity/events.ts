/** What each kind of row says. Times are those of the wall clock where the person was, without a zone. */
import { durationSeconds, qualityCode, tableOf } from '@tributary/protocol'
import { readClock } from '../clock-text.ts'
import { readCell } from '../csv/numbers.ts'
import { short } from '../csv/table.ts'
import type { PieceSource, ReadOptions } from '../piece.ts'
import type { More, PieceBuilder } from '../piece-builder.ts'
import { type TimeCheck, timeCheck } from '../times.ts'
import { clockOf, type LocalClock, WallSequence } from '../zones.ts'

/** A row that could not be used, and why. */
export class Unfit extends Error {
  override name = 'Unfit'
  readonly code: string

  constructor(code: string, detail: string) {
    super(detail)
    this.code = code
  }
}

const columns = {
  time: /^Timestamp\b/,
  type: /^Event Type$/,
  subtype: /^Event Subtype$/,
  device: /^Source Device ID$/,
  glucose: /^Glucose Value \((.+)\)$/,
  insulin: /^Insulin Value\b/,
  carbs: /^Carb Value\b/,
  duration: /^Duration\b/,
  rate: /^Glucose Rate of Change \((.+)\)$/,
} as const
type Column = keyof typeof columns

/** What a sensor can tell, in mg/dL; beyond it stand words. */
const edges: Readonly<Record<string, number>> = tableOf({ low: 40, high: 400 })
const poor = qualityCode('poor') ?? 0

const fingerstick: PieceSource = { key: 'dexcom:fingerstick', name: 'Fingersticks', app: 'Dexcom' }
const entered: PieceSource = { key: 'dexcom:entries', name: 'Dexcom entries', app: 'Dexcom' }

/** `iPhone G6`: what shows the values, and the generation of the sensor, which is the device; a sensor itself lives days. */
function sensorOf(shownBy: string): PieceSource {
  const model = /\bG\d\w*\+?/i.exec(shownBy)?.[0].toUpperCase()
  if (!model) return { key: 'dexcom', name: 'Dexcom', manufacturer: 'Dexcom' }
  return { key: `dexcom:${model.toLowerCase()}`, name: `Dexcom ${model}`, manufacturer: 'Dexcom', model }
}

interface Moment {
  t: number
  offset: number
}

export class Events {
  readonly #at: Partial<Record<Column, number>> = {}
  readonly #units: Partial<Record<Column, string>> = {}
  readonly #clock: LocalClock
  /** Glucose comes in the order of time, so that an hour that the clocks showed twice is told apart. */
  readonly #course: WallSequence
  readonly #check: TimeCheck
  readonly #pieces: PieceBuilder

  constructor(header: readonly string[], options: ReadOptions, pieces: PieceBuilder) {
    this.#pieces = pieces
    this.#clock = clockOf(options.timeZone)
    this.#course = new WallSequence(this.#clock)
    this.#check = timeCheck(options.now)
    for (const [i, name] of header.entries())
      for (const [column, pattern] of Object.entries(columns) as [Column, RegExp][]) {
        const found = pattern.exec(name.trim())
        if (!found) continue
        this.#at[column] = i
        if (found[1]) this.#units[column] = found[1]
      }
  }

  typeOf(row: readonly string[]): string {
    return short(this.#cell(row, 'type')) || 'a row without a type'
  }

  /** Why the row tells nothing; undefined when it did. Throws `Unfit`. */
  take(row: readonly string[], place: number): string | undefined {
    switch (this.#cell(row, 'type')) {
      case 'EGV':
        this.#glucose(row, place)
        return undefined
      case 'Calibration': {
        const [value, more] = this.#level(row)
        this.#give(fingerstick, 'blood_glucose', this.#moment(row), value, { ...more, method: 'active', place })
        return undefined
      }
      case 'Carbs':
        this.#amount(row, place, 'carbs', 'carbohydrates_intake', 'g')
        return undefined
      case 'Insulin':
        this.#amount(row, place, 'insulin', 'insulin_delivery', 'units')
        return undefined
      case 'Exercise':
        this.#exercise(row)
        return undefined
      case 'FirstName':
      case 'LastName':
      case 'DateOfBirth':
      case 'PatientIdentifier':
        return 'who it is about is not kept'
      case 'Device':
        return 'what shows the values, not what measured'
      case 'Alert':
        return 'a setting or a warning of a phone; the glucose it warned of is told'
      default:
        return 'a kind of row that has no place among readings'
    }
  }

  #cell(row: readonly string[], column: Column): string {
    const at = this.#at[column]
    return at === undefined ? '' : (row[at] ?? '').trim()
  }

  #moment(row: readonly string[], course?: WallSequence): Moment {
    const cell = this.#cell(row, 'time')
    const clock = readClock(cell, 'ymd')
    if (clock?.ofDay === undefined) throw new Unfit('time_unreadable', `“${short(cell)}” is no time of a clock`)
    const wall = clock.date + clock.ofDay
    const t = course ? course.timeOf(wall) : this.#clock.timeOf(wall)
    const fault = this.#check(t)
    if (fault) throw new Unfit(fault.code, fault.detail)
    return { t, offset: this.#clock.offsetAt(t) }
  }

  #glucose(row: readonly string[], place: number): void {
    const source = sensorOf(this.#cell(row, 'device'))
    const [value, more] = this.#level(row)
    const moment = this.#moment(row, this.#course)
    this.#give(source, 'blood_glucose', moment, value, { ...more, method: 'automatic', place })
    const rate = readCell(this.#cell(row, 'rate'), '.')
    if (rate)
      this.#give(source, 'glucose_trend_rate', moment, rate.value, {
        unit: this.#units.rate,
        method: 'automatic',
        place,
      })
  }

  /** A number in the header's unit, or the sensor's edge, which is trusted less: it was measured, but not how much. */
  #level(row: readonly string[]): [value: number, more: Pick<More, 'unit' | 'quality'>] {
    const cell = this.#cell(row, 'glucose')
    const edge = edges[cell.toLowerCase()]
    if (edge !== undefined) return [edge, { unit: 'mg/dL', quality: poor }]
    return [numberIn(cell), { unit: this.#units.glucose }]
  }

  #amount(row: readonly string[], place: number, column: Column, metric: string, unit: string): void {
    const value = numberIn(this.#cell(row, column))
    this.#give(entered, metric, this.#moment(row), value, { unit, method: 'manual', place })
  }

  #exercise(row: readonly string[]): void {
    const { t: start, offset } = this.#moment(row)
    const cell = this.#cell(row, 'duration')
    const duration = durationSeconds(cell)
    if (duration === undefined) throw new Unfit('value_unreadable', `“${short(cell)}” is no length of time`)
    const intensity = this.#cell(row, 'subtype')
    this.#pieces.session(entered, {
      kind: 'session',
      type: 'workout',
      activity: 'other',
      start,
      end: start + duration * 1_000,
      offset,
      externalId: `dexcom_clarity:exercise:${start}`,
      totals: { duration },
      parts: [],
      extra: { manual: true, ...(intensity ? { intensity } : {}) },
    })
  }

  #give(source: PieceSource, metric: string, { t, offset }: Moment, value: number, more: More): void {
    this.#pieces.value(source, metric, t, value, { ...more, offset })
  }
}

function numberIn(cell: string): number {
  const found = readCell(cell, '.')
  if (!found || found.unit) throw new Unfit('value_unreadable', `“${short(cell)}” is no number`)
  return found.value
}
