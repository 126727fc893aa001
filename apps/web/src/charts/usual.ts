/** What is usual for this person: the median and the middle half of the four weeks before. Pure. */
import { addDays } from '../util/local-days.ts'

export interface DayPoint {
  date: string
  value: number
}

export interface Usual {
  median: number
  /** Between these lies the middle half. */
  low: number
  high: number
  days: number
}

export const usualSpan = 28
/** Fewer than this say nothing about what is usual. */
const enoughDays = 7

/** Of the 28 days before the date those that have a value; nothing when they are too few. */
export function usualBefore(days: readonly DayPoint[], date: string): Usual | undefined {
  const from = addDays(date, -usualSpan)
  return usualOf(days.filter((day) => day.date >= from && day.date < date).map(({ value }) => value))
}

export function usualOf(values: readonly number[]): Usual | undefined {
  if (values.length < enoughDays) return undefined
  const sorted = [...values].sort((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    days: values.length,
  }
}

/** Between the two nearest values in proportion, as spreadsheets do. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const [low = Number.NaN, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low + (high - low) * (at - Math.floor(at))
}

/** For every day its own baseline: one pass over days in order, however many years there are. */
export function rollingUsual(days: readonly DayPoint[], dates: readonly string[]): (Usual | undefined)[] {
  let [start, end] = [0, 0]
  return dates.map((date) => {
    const from = addDays(date, -usualSpan)
    while (end < days.length && (days[end] as DayPoint).date < date) end++
    while (start < end && (days[start] as DayPoint).date < from) start++
    return usualOf(days.slice(start, end).map(({ value }) => value))
  })
}

export type Against = 'below' | 'as usual' | 'above'

export function against(value: number, { low, high }: Usual): Against {
  return value < low ? 'below' : value > high ? 'above' : 'as usual'
}
