/** Dates and times of day as people and apps write them. */

/** The parts of a cell. */
export interface Clock {
  /** As if UTC. */
  date: number
  /** Milliseconds since midnight; undefined when the cell has no time of day. */
  ofDay?: number
  /** Minutes east of UTC. */
  offset?: number
}

const gap = String.raw`[\s\u00a0\u202f]*`
const ofDayPattern = String.raw`(?<hour>\d{1,2})[:.](?<minute>\d{2})(?:[:.](?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?(?:${gap}(?<half>[AaPp])\.?[Mm]\.?)?`
const zonePattern = String.raw`${gap}(?<zone>Z|(?:UTC|GMT)?(?:(?<sign>[+-])(?<zoneHour>\d{2}):?(?<zoneMinute>\d{2})?)?)`
const timeOfDay = new RegExp(`^(?:[T,]|at)?${gap}${ofDayPattern}${zonePattern}$`)
const numeric = /^(\d{1,4})\s*([./-]|\s)\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?(?!\d)/
const compact = /^(\d{4})(\d{2})(\d{2})(?=$|T)/
const monthFirst = /^([A-Za-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})/
const monthSecond = /^(\d{1,2})\.?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})/
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Nobody writes a longer one; the patterns look at every way to share out the gaps of what they are given. */
const longest = 64

export type DateOrder = 'ymd' | 'dmy' | 'mdy'

/** A date in a stated order, with or without a time of day and an offset; undefined when it is none. */
export function readClock(text: string, order: DateOrder): Clock | undefined {
  const cell = text.trim()
  if (cell.length > longest) return undefined
  const fixed = order === 'ymd' ? fixedClock(cell) : undefined
  if (fixed) return fixed
  const found = dateIn(cell, order)
  if (!found) return undefined
  const rest = cell.slice(found.length).trim()
  if (!rest) return { date: found.date }
  const ofDay = readOfDay(rest)
  return ofDay && { date: found.date, ...ofDay }
}

const zero = 48

/**
 * `2026-10-13 08:00:00`, with `T` and with an offset or without: what machines write, at ten times the speed. Whatever is not
 * exactly that is left to the patterns.
 */
function fixedClock(cell: string): Clock | undefined {
  if (cell.length < 19 || cell[4] !== '-' || cell[7] !== '-' || cell[13] !== ':' || cell[16] !== ':') return undefined
  if (cell[10] !== ' ' && cell[10] !== 'T') return undefined
  const [year, month, day] = [two(cell, 0) * 100 + two(cell, 2), two(cell, 5), two(cell, 8)]
  const [hour, minute, second] = [two(cell, 11), two(cell, 14), two(cell, 17)]
  // Days that some months lack, and everything that is no digit (NaN), are for the patterns to judge.
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour < 24 && minute < 60 && second < 60 && year >= 100))
    return undefined
  const clock = { date: Date.UTC(year, month - 1, day), ofDay: ((hour * 60 + minute) * 60 + second) * 1000 }
  if (cell.length === 19) return clock
  if (cell.length === 20 && cell[19] === 'Z') return { ...clock, offset: 0 }
  const sign = cell[20]
  if (cell.length !== 25 || cell[19] !== ' ' || (sign !== '+' && sign !== '-')) return undefined
  const offset = two(cell, 21) * 60 + two(cell, 23)
  return offset <= 14 * 60 ? { ...clock, offset: sign === '-' ? -offset : offset } : undefined
}

/** Two digits, or NaN. */
function two(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - zero, text.charCodeAt(at + 1) - zero]
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** A time of day alone, or what stands behind a date. */
export function readOfDay(text: string): { ofDay: number; offset?: number } | undefined {
  const cell = text.trim()
  const parts = cell.length > longest ? undefined : timeOfDay.exec(cell)?.groups
  const ofDay = parts && ofDayIn(parts)
  return ofDay === undefined ? undefined : { ofDay, ...offsetIn(parts) }
}

type Parts = Readonly<Record<string, string | undefined>>

function dateIn(cell: string, order: DateOrder): { date: number; length: number } | undefined {
  const match = numeric.exec(cell) ?? (order === 'ymd' ? compact.exec(cell) : null)
  if (match) {
    const parts = match.length === 5 ? [match[1], match[3], match[4]] : match.slice(1)
    const [year, month, day] = { ymd: [0, 1, 2], dmy: [2, 1, 0], mdy: [2, 0, 1] }[order].map((i) => parts[i] ?? '')
    return dateFrom(year as string, Number(month), Number(day), match[0].length)
  }
  const named = monthFirst.exec(cell)
  if (named) return dateFrom(named[3] as string, monthOf(named[1] as string), Number(named[2]), named[0].length)
  const dayFirst = monthSecond.exec(cell)
  return dayFirst
    ? dateFrom(dayFirst[3] as string, monthOf(dayFirst[2] as string), Number(dayFirst[1]), dayFirst[0].length)
    : undefined
}

function monthOf(word: string): number {
  return months.indexOf(word.slice(0, 3).toLowerCase()) + 1
}

/** Two digits are of this century until 69, as everywhere. */
function dateFrom(
  yearText: string,
  month: number,
  day: number,
  length: number,
): { date: number; length: number } | undefined {
  const digits = Number(yearText)
  if (yearText.length !== 4 && yearText.length !== 2) return undefined
  const year = yearText.length === 4 ? digits : digits + (digits < 70 ? 2000 : 1900)
  const date = Date.UTC(year, month - 1, day)
  const made = new Date(date)
  if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== day || made.getUTCFullYear() !== year) return undefined
  return { date, length }
}

function ofDayIn(parts: Parts): number | undefined {
  let hour = Number(parts['hour'])
  const minute = Number(parts['minute'])
  const second = Number(parts['second'] ?? 0)
  const half = parts['half']?.toLowerCase()
  if (half && (hour < 1 || hour > 12)) return undefined
  if (half) hour = (hour % 12) + (half === 'p' ? 12 : 0)
  // 24:00 is midnight at the end of the day; a leap second is the first of the next minute.
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0)) return undefined
  const fraction = parts['fraction'] ? Math.round(Number(`0.${parts['fraction']}`) * 1000) : 0
  return ((hour * 60 + minute) * 60 + second) * 1000 + fraction
}

function offsetIn(parts: Parts | undefined): { offset?: number } {
  if (!parts?.['zone']) return {}
  if (!parts['sign']) return { offset: 0 }
  const offset = Number(parts['zoneHour']) * 60 + Number(parts['zoneMinute'] ?? 0)
  return offset > 14 * 60 ? {} : { offset: parts['sign'] === '-' ? -offset : offset }
}
