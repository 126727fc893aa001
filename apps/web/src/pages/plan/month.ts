/** A month as a calendar shows it: whole weeks, days as 2026-03-05. */
import { addDays, addMonths, startOfWeek } from '../../util/local-days.ts'

const isMonth = (text: string | undefined): text is string => /^\d{4}-(0[1-9]|1[0-2])$/.test(text ?? '')

export function monthOr(text: string | undefined, today: string): string {
  return isMonth(text) ? text : today.slice(0, 7)
}

/** Weeks of the month, with the days of its neighbours that share a week with it. Monday is 1, Sunday 7. */
export function weeksOf(month: string, firstWeekday: number): string[][] {
  let day = startOfWeek(`${month}-01`, firstWeekday)
  const weeks: string[][] = []
  do {
    const from = day
    weeks.push(Array.from({ length: 7 }, (_, i) => addDays(from, i)))
    day = addDays(day, 7)
  } while (day.slice(0, 7) === month)
  return weeks
}

/** Where an arrow key leads from a day; undefined for other keys. */
export function dayByKey(day: string, key: string): string | undefined {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
  const step = steps[key]
  if (step !== undefined) return addDays(day, step)
  if (key === 'PageUp' || key === 'PageDown') {
    return addMonths(day, key === 'PageUp' ? -1 : 1)
  }
  return undefined
}
