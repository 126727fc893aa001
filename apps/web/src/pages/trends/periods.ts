/** The stretches of days that trends are looked at in. Pure. */
import { addDays, addMonths, datesFrom, startOfMonth, startOfWeek, startOfYear } from '../../util/local-days.ts'

export const views = ['day', 'week', 'month', 'year', 'all'] as const
export type View = (typeof views)[number]

export const isView = (word: string | undefined): word is View => views.some((view) => view === word)

/** The last day is out. */
export interface Period {
  from: string
  to: string
}

interface Known {
  firstWeekday: number
  /** The days with the oldest and the newest data. */
  first: string
  last: string
}

export function periodOf(view: View, date: string, { firstWeekday, first, last }: Known): Period {
  switch (view) {
    case 'day':
      return { from: date, to: addDays(date, 1) }
    case 'week': {
      const from = startOfWeek(date, firstWeekday)
      return { from, to: addDays(from, 7) }
    }
    case 'month': {
      const from = startOfMonth(date)
      return { from, to: addMonths(from, 1) }
    }
    case 'year': {
      const from = startOfYear(date)
      return { from, to: addMonths(from, 12) }
    }
    case 'all':
      return { from: startOfMonth(first), to: addMonths(startOfMonth(last), 1) }
  }
}

const months: Partial<Record<View, number>> = { month: 1, year: 12 }
const lengths: Partial<Record<View, number>> = { day: 1, week: 7 }

/** The period that ends where this one begins (−1), or the one after it; nothing beside all there is. */
export function neighbour(view: View, { from }: Period, direction: -1 | 1): Period | undefined {
  if (view === 'all') return undefined
  const move = (date: string, times: number) => {
    const [month, length] = [months[view], lengths[view] ?? 0]
    return month ? addMonths(date, month * times) : addDays(date, length * times)
  }
  const start = move(from, direction)
  return { from: start, to: move(start, 1) }
}

/** Weeks are compared with the week of the same weekdays. */
export function lastYear(view: View, period: Period): Period | undefined {
  if (view === 'all' || view === 'year') return undefined
  const back = view === 'week' ? (date: string) => addDays(date, -364) : (date: string) => addMonths(date, -12)
  const from = back(period.from)
  return { from, to: neighbour(view, { from, to: from }, 1)?.from ?? from }
}

/** What one bar or one point stands for: a day, in a year a week, in many years a month. */
export function bucketsOf(view: View, { from, to }: Period, firstWeekday: number): Period[] {
  if (view !== 'year' && view !== 'all')
    return datesFrom(from, to).map((date) => ({ from: date, to: addDays(date, 1) }))
  const buckets: Period[] = []
  for (let at = from; at < to; ) {
    const next = view === 'year' ? addDays(startOfWeek(at, firstWeekday), 7) : addMonths(startOfMonth(at), 1)
    buckets.push({ from: at, to: next < to ? next : to })
    at = next
  }
  return buckets
}
