/** A month as a calendar shows it: whole weeks, days as 2026-03-05. */
import { dayAfter } from '../../util/wall-time.ts'

const isMonth = (text: string | undefined): text is string => /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '')

export function monthOr(text: string | undefined, today: string): string {
  return isMonth(text) ? text : today.slice(0, 7)
}

/** Weeks of the month, with the days of its neighbours that share a week with it. Monday is 1, Sunday 7. */
export function weeksOf(month: string, firstWeekday: number): string[][] {
  const first = `${month}-01`
  const weekday = new Date(`${first}T00:00Z`).getUTCDay() || 7
  let day = dayAfter(first, -((weekday - firstWeekday + 7) % 7))
  const weeks: string[][] = []
  do {
    const from = day
    weeks.push(Array.from({ length: 7 }, (_, i) => dayAfter(from, i)))
    day = dayAfter(day, 7)
  } while (day.slice(0, 7) === month)
  return weeks
}

export function monthAfter(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year ?? 0, (number ?? 1) - 1 + months, 1)).toISOString().slice(0, 7)
}

/** The weekday a calendar of this language begins with; Monday where the browser cannot say. */
export function firstWeekdayOf(locale: string): number {
  const known = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number }
    weekInfo?: { firstDay: number }
  }
  return (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1
}

/** Where an arrow key leads from a day; undefined for other keys. */
export function dayByKey(day: string, key: string): string | undefined {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
  const step = steps[key]
  if (step !== undefined) return dayAfter(day, step)
  if (key === 'PageUp' || key === 'PageDown') {
    const month = monthAfter(day.slice(0, 7), key === 'PageUp' ? -1 : 1)
    const last = dayAfter(`${monthAfter(month, 1)}-01`, -1)
    const same = `${month}-${day.slice(8)}`
    return same > last ? last : same
  }
  return undefined
}
