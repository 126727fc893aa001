import { catalogue, convert, type MetricId, primaryKind } from '@tributary/protocol'
import { dayMs } from '../limits.ts'
import type { PieceSource } from '../piece.ts'
import { type Context, type Members, numberIn, Unfit, type When } from './context.ts'
import { unitFor, unitSpelled } from './metrics.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

interface Amount {
  source: PieceSource
  when: When
  value: number
  place: number
}

/** The grids that the app can sum over. */
type Grid = 'day' | 'hour' | 'minute' | 'none'
const grids: readonly Grid[] = ['day', 'hour', 'minute', 'none']

/**
 * The points of one metric. Amounts say when they begin and not how long they are: they were summed over a day, an hour or a
 * minute, whichever grid all of them so far, and the next one, stand on. So each waits for the one behind it.
 */
export class Points {
  readonly #context: Context
  readonly #name: string
  readonly #metric: MetricId
  readonly #unit: string | undefined
  #grid: Grid = 'day'
  #held: Amount | undefined
  /** Sums of daily counts by source and date. */
  readonly #days = new Map<string, { source: PieceSource; date: string; value: number }>()

  constructor(context: Context, name: string, metric: MetricId, unit: string | undefined) {
    this.#context = context
    this.#name = name
    this.#metric = metric
    this.#unit = unitSpelled(unit)
  }

  /** @throws Unfit */
  add(point: Members, place: number): void {
    const when = this.#context.when(point['date'], 'date')
    const source = this.#context.source(point['source'])
    const value = numberIn(point['qty']) ?? numberIn(point['Avg'])
    // The least and the most of a minute have no time of their own: its average stands for it.
    this.#context.leaveOthers(this.#name, point, used)
    if (value === undefined) throw new Unfit('value_unreadable', 'neither qty nor Avg is a number')
    const kind = primaryKind(this.#metric)
    if (kind === 'I') this.#hold({ source, when, value, place })
    else if (kind === 'D') this.#giveDay(source, when, value, place)
    else if (kind === 'E') {
      const unit = this.#unit === undefined ? {} : { unit: this.#unit }
      this.#context.pieces.row(source, {
        kind: 'event',
        metric: this.#metric,
        start: when.t,
        value: { value },
        offset: when.offset,
        place,
        ...unit,
      })
    } else this.#give(source, when, value, 0, place)
  }

  end(): void {
    this.#release(undefined)
    for (const { source, date, value } of this.#days.values()) {
      this.#context.pieces.row(source, {
        kind: 'day',
        metric: this.#metric,
        date,
        value,
        ...(this.#unit === undefined ? {} : { unit: this.#unit }),
      })
    }
    this.#days.clear()
  }

  #hold(amount: Amount): void {
    this.#narrow(amount.when)
    this.#release(amount.when.t)
    this.#held = amount
  }

  /** The finest grid that anything stood on so far. */
  #narrow({ wall: local }: When): void {
    const own: Grid =
      local % dayMs === 0 ? 'day' : local % hourMs === 0 ? 'hour' : local % minuteMs === 0 ? 'minute' : 'none'
    if (grids.indexOf(own) > grids.indexOf(this.#grid)) this.#grid = own
  }

  #release(next: number | undefined): void {
    const held = this.#held
    this.#held = undefined
    if (!held) return
    const until = next === undefined || next <= held.when.t ? Number.POSITIVE_INFINITY : next - held.when.t
    this.#give(held.source, held.when, held.value, Math.min(this.#lengthFrom(held.when), until), held.place)
  }

  #lengthFrom({ t, wall }: When): number {
    if (this.#grid === 'none') return 0
    if (this.#grid === 'minute') return minuteMs
    if (this.#grid === 'hour') return hourMs
    // A day of 23 or 25 hours, if the person's clocks agree with the file about this one.
    const begins = this.#context.clock.timeOf(wall)
    return begins === t ? this.#context.clock.timeOf(wall + dayMs) - t : dayMs
  }

  #give(source: PieceSource, when: When, value: number, duration: number, place: number): void {
    this.#context.pieces.value(source, this.#metric, when.t, value, {
      duration,
      unit: this.#unit,
      offset: when.offset,
      place,
    })
  }

  /** Hours with standing come one by one, and a day is their sum; of all else the last is the day's. */
  #giveDay(source: PieceSource, { wall }: When, value: number, place: number): void {
    const date = new Date(wall).toISOString().slice(0, 10)
    if (catalogue[this.#metric].rollup[0] !== 'sum') {
      const unit = this.#unit === undefined ? {} : { unit: this.#unit }
      this.#context.pieces.row(source, { kind: 'day', metric: this.#metric, date, value, place, ...unit })
      return
    }
    const key = `${date} ${source.key}`
    const day = this.#days.get(key) ?? { source, date, value: 0 }
    day.value += value
    this.#days.set(key, day)
  }
}

const used = new Set(['date', 'qty', 'Avg', 'source'])

const pressureNames = new Set(['date', 'systolic', 'diastolic', 'source'])

/** @throws Unfit */
export function readPressure(context: Context, units: string | undefined, point: Members, place: number): void {
  const when = context.when(point['date'], 'date')
  const [systolic, diastolic] = [numberIn(point['systolic']), numberIn(point['diastolic'])]
  context.leaveOthers('blood_pressure', point, pressureNames)
  const conversion = unitFor('bp_systolic', units)
  if (systolic === undefined || diastolic === undefined)
    throw new Unfit('value_unreadable', 'a blood pressure needs two numbers')
  if (!conversion) throw new Unfit('unit_unknown', `blood pressure is never measured in ${units}`)
  context.pieces.row(context.source(point['source']), {
    kind: 'event',
    metric: 'blood_pressure',
    start: when.t,
    value: { systolic: convert(conversion, systolic), diastolic: convert(conversion, diastolic) },
    offset: when.offset,
    place,
  })
}

const moodNames = new Set(['id', 'start', 'valence'])

/** A state of mind: how pleasant, from −1 to 1. @throws Unfit */
export function readMood(context: Context, entry: Members, place: number): void {
  const when = context.when(entry['start'], 'start')
  const valence = numberIn(entry['valence'])
  context.leaveOthers('stateOfMind', entry, moodNames)
  if (valence === undefined) throw new Unfit('value_unreadable', 'valence is no number')
  const id = typeof entry['id'] === 'string' ? { externalId: entry['id'].slice(0, 200) } : {}
  context.pieces.row(context.source(undefined), {
    kind: 'event',
    metric: 'mood',
    start: when.t,
    value: { value: valence },
    offset: when.offset,
    place,
    ...id,
  })
}
