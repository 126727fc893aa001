/** Dates of a person's own days, as `2026-03-14`: no clock and no zone, so nothing here can slip by an hour. */

const day = 86_400_000
const at = (date: string) => Date.parse(`${date}T00:00:00Z`)
const dateOf = (instant: number) => new Date(instant).toISOString().slice(0, 10)

export function isDate(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text)) && dateOf(at(text)) === text
}

export const addDays = (date: string, days: number): string => dateOf(at(date) + days * day)

/** From the first to the second; negative when that is earlier. */
export const daysBetween = (from: string, to: string): number => Math.round((at(to) - at(from)) / day)

/** Which date the clock on the wall shows. */
export function dateIn(timeZone: string, instant: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return parts.format(instant)
}

/** All dates from the first to before the second. */
export function datesFrom(from: string, to: string): string[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, index) => addDays(from, index))
}

/** 1 is Monday, 7 Sunday. */
export const weekday = (date: string): number => new Date(at(date)).getUTCDay() || 7

export const startOfWeek = (date: string, firstWeekday: number): string =>
  addDays(date, -((weekday(date) - firstWeekday + 7) % 7))

export const startOfMonth = (date: string): string => `${date.slice(0, 7)}-01`
export const startOfYear = (date: string): string => `${date.slice(0, 4)}-01-01`

/** The same day of another month; the 31st becomes the last day of a shorter one. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return dateOf(Date.UTC(year, month - 1 + months, Math.min(dayOfMonth, last)))
}

/** As locales have it; Monday where the browser cannot say. */
export function firstWeekdayOf(locale: string): number {
  const of: Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } } =
    new Intl.Locale(locale)
  return of.getWeekInfo?.().firstDay ?? of.weekInfo?.firstDay ?? 1
}

/** Midnight of the date in no zone, for charts whose clock is UTC. */
export const instantOfDate = at

export type DayWords = ReturnType<typeof dayWords>

/** Dates as the reader writes them. */
export function dayWords(locale: string, today: string) {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const words = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
    return (date: string) => words.format(at(date))
  }
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const short = format({ day: 'numeric', month: 'short' })
  const shortYear = format({ day: 'numeric', month: 'short', year: 'numeric' })
  const long = format({ weekday: 'long', day: 'numeric', month: 'long' })
  const longYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const isThisYear = (date: string) => date.slice(0, 4) === today.slice(0, 4)
  return {
    short: (date: string) => (isThisYear(date) ? short : shortYear)(date),
    full: shortYear,
    long: (date: string) => (isThisYear(date) ? long : longYear)(date),
    month: format({ month: 'long', year: 'numeric' }),
    shortMonth: format({ month: 'short' }),
    shortMonthYear: format({ month: 'short', year: 'numeric' }),
    weekday: format({ weekday: 'short' }),
    year: format({ year: 'numeric' }),
    /** "today", "yesterday", "3 days ago"; beyond a week the date. */
    ago(date: string) {
      const days = daysBetween(date, today)
      return days >= 0 && days < 7 ? relative.format(-days, 'day') : (isThisYear(date) ? short : shortYear)(date)
    },
  }
}
