/** Times as the wire writes them: UTC with `Z`, and milliseconds only where there are any. */

const dayMs = 86_400_000
const two = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'))

/** The date of the day asked for last: a page of samples asks for the same one a thousand times. */
let knownDay = Number.NaN
let knownDate = ''

/** Dates of days since 1970, as many as a page of daily values has. */
const dates = new Map<number, string>()
const mostDates = 10_000

export function dateAt(day: number): string {
  const known = dates.get(day)
  if (known !== undefined) return known
  if (dates.size >= mostDates) dates.clear()
  const date = new Date(day * dayMs).toISOString().slice(0, -14)
  dates.set(day, date)
  return date
}

export function instantOf(at: number | Date): string {
  const ms = typeof at === 'number' ? at : at.getTime()
  const day = Math.floor(ms / dayMs)
  if (day !== knownDay) {
    knownDate = `${dateAt(day)}T`
    knownDay = day
  }
  const inDay = ms - day * dayMs
  const seconds = Math.floor(inDay / 1000)
  const rest = inDay - seconds * 1000
  const minutes = Math.floor(seconds / 60)
  const clock = `${two[Math.floor(minutes / 60)]}:${two[minutes % 60]}:${two[seconds % 60]}`
  return rest === 0 ? `${knownDate}${clock}Z` : `${knownDate}${clock}.${String(rest).padStart(3, '0')}Z`
}

export const instantOrNull = (at: number | Date | null | undefined): string | null =>
  at === null || at === undefined ? null : instantOf(at)
