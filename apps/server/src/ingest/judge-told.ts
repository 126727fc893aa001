/** What would become of readings if they were told now: named, converted and judged like all others, and nothing stored. Pure. */
import { catalogue, type Measured, type Rejection } from '@tributary/protocol'
import type { Told } from '@tributary/providers/kit'
import { instantOf } from '../platform/instant.ts'
import { noOffset, type Points } from '../platform/samples/points.ts'
import { normalise } from './normalise.ts'
import type { Column, DayRow, EventRow } from './sifted.ts'
import { type Placed, sortTold } from './sort-told.ts'
import { validate } from './validate.ts'

/** A value as it would be stored. `index` is the place in what was told. */
export interface JudgedValue {
  index: number
  metric: string
  value: number
  unit: string
  time: string | null
  endTime: string | null
  /** Of a value for a date. */
  date: string | null
  offsetMinutes: number | null
}

export interface JudgedTold {
  values: JudgedValue[]
  rejected: Rejection[]
}

export type JudgeTold = (told: readonly Told[], now: number) => JudgedTold

/** For values of a metric over time, of days and of events, which is what can be told one by one. */
export const judgeTold: JudgeTold = (told, now) => {
  const { points, rows, rejected } = sortTold(told, now)
  const placed = [...points, ...rows]
  const sound = validate(normalise(placed.map(({ reading }) => reading)), now)
  const placeOf = (reading: number) => (placed[reading] as Placed<Measured>).place
  return {
    values: [
      ...sound.columns.flatMap((column) => valuesOfColumn(column, placeOf(column.reading))),
      ...sound.days.map((row) => valueOfDay(row, placeOf(row.reading))),
      ...sound.events.flatMap((row) => valueOfEvent(row, placeOf(row.reading))),
    ].sort((a, b) => a.index - b.index),
    rejected: [
      ...rejected,
      ...sound.rejected.flatMap((losses, reading) => losses.map((loss) => ({ ...loss, index: placeOf(reading) }))),
    ].sort((a, b) => a.index - b.index),
  }
}

const valuesOfColumn = ({ metric, points }: Column, index: number): JudgedValue[] =>
  Array.from({ length: points.n }, (_, i) => ({
    index,
    metric,
    value: points.v[i] as number,
    unit: catalogue[metric].unit,
    ...timesOf(points, i),
    date: null,
  }))

function timesOf({ t, d, z }: Points, i: number) {
  const start = t[i] as number
  const length = d?.[i] ?? 0
  const offset = z?.[i] ?? noOffset
  return {
    time: instantOf(start),
    endTime: length ? instantOf(start + length) : null,
    offsetMinutes: offset === noOffset ? null : offset,
  }
}

const valueOfDay = ({ metric, value, date }: DayRow, index: number): JudgedValue => ({
  ...{ index, metric, value, unit: catalogue[metric].unit },
  ...{ time: null, endTime: null, date, offsetMinutes: null },
})

function valueOfEvent({ metric, value, start, end, offset }: EventRow, index: number): JudgedValue[] {
  const unit = Object.hasOwn(catalogue, metric) ? catalogue[metric as keyof typeof catalogue].unit : ''
  return Object.values(value).flatMap((one) =>
    typeof one === 'number'
      ? {
          ...{ index, metric, value: one, unit, date: null, offsetMinutes: offset },
          ...{ time: instantOf(start), endTime: end === null ? null : instantOf(end) },
        }
      : [],
  )
}
