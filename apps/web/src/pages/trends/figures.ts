/** What a stretch of days says: its figure, its gaps, and where another source took over. Pure. */
import { catalogue, type MetricId } from '@tributary/protocol'
import { addDays, datesFrom, daysBetween } from '../../util/local-days.ts'
import type { Period } from './periods.ts'

interface Day {
  date: string
  value: number
  source_id: string
}

export type Longer = 'mean' | 'last' | 'max' | 'min' | 'sum'

/** How days become weeks and months. Amounts are averaged too: the sum of a week with two days missing would say less was done. */
export function longerOf(metric: MetricId): Longer {
  const { rollup, rollupLonger } = catalogue[metric]
  switch (rollup[0]) {
    case 'last':
      return rollupLonger === 'avg' ? 'mean' : 'last'
    case 'max':
    case 'min':
      return rollup[0]
    case 'count':
      return 'sum'
    default:
      return 'mean'
  }
}

export function figureOf(values: readonly number[], longer: Longer): number | undefined {
  if (values.length === 0) return undefined
  switch (longer) {
    case 'mean':
      return sum(values) / values.length
    case 'sum':
      return sum(values)
    case 'last':
      return values.at(-1)
    case 'max':
      return Math.max(...values)
    case 'min':
      return Math.min(...values)
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Days are in order. */
export function within<D extends { date: string }>(days: readonly D[], { from, to }: Period): D[] {
  return days.filter(({ date }) => date >= from && date < to)
}

export interface Level {
  /** The mean of its days; of what is counted by events their number. */
  value: number
  days: number
}

/** What two stretches are compared by: of a weight too the mean, or one heavy evening would decide. */
export function levelOf(metric: MetricId, days: readonly Day[], period: Period): Level | undefined {
  const values = within(days, period).map(({ value }) => value)
  const value = figureOf(values, longerOf(metric) === 'sum' ? 'sum' : 'mean')
  return value === undefined ? undefined : { value, days: values.length }
}

export interface Switch {
  date: string
  from: string
  to: string
}

/** A source that is shown for fewer days than this in a row has not taken over. */
const fewestDays = 3

/** Where another source took over for good; a day that somebody lent a watch is no switch. */
export function switchesOf(days: readonly Day[]): Switch[] {
  const runs: { source: string; from: string; days: number }[] = []
  for (const { date, source_id } of days) {
    const last = runs.at(-1)
    if (last?.source === source_id) last.days++
    else runs.push({ source: source_id, from: date, days: 1 })
  }
  const switches: Switch[] = []
  let shown: string | undefined
  for (const { source, from } of runs.filter((run) => run.days >= fewestDays)) {
    if (shown !== undefined && shown !== source) switches.push({ date: from, from: shown, to: source })
    shown = source
  }
  return switches
}

/** Days in a row without a value, where that is unusual; before the first value and after the last there is no gap. */
export function gapsOf(days: readonly Day[]): Period[] {
  const steps = days.slice(1).map(({ date }, at) => daysBetween(days[at]?.date ?? date, date))
  const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 1
  return steps.flatMap((step, at) =>
    step > Math.max(2, 3 * usual) ? [{ from: addDays(days[at]?.date ?? '', 1), to: days[at + 1]?.date ?? '' }] : [],
  )
}

export const lengthOf = ({ from, to }: Period): number => daysBetween(from, to)

/** Which fifth of the year a value lies in, 0–4: by rank, so that one race day does not make all others pale. */
export function levelsOf(values: readonly number[]): { bounds: number[]; levelOf: (value: number) => number } {
  const sorted = [...values].sort((a, b) => a - b)
  const bounds = [1, 2, 3, 4].map(
    (fifth) => sorted[Math.floor((fifth * sorted.length) / 5)] ?? Number.POSITIVE_INFINITY,
  )
  return { bounds, levelOf: (value) => bounds.filter((bound) => value >= bound).length }
}

/** The months of a year, each from its first to its last date. */
export function monthsOf(year: string): string[][] {
  return Array.from({ length: 12 }, (_, month) => {
    const from = `${year}-${String(month + 1).padStart(2, '0')}-01`
    const to = month === 11 ? `${Number(year) + 1}-01-01` : `${year}-${String(month + 2).padStart(2, '0')}-01`
    return datesFrom(from, to)
  })
}
