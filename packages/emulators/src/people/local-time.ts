/** Wall clocks of IANA zones, by what the runtime knows of them. */
export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

/** A zone's clocks by UTC days since 1970: the offset of the whole day, or undefined for a day on which they are changed. */
type OffsetsOfDays = Map<number, number | undefined>

const zones = new Map<string, { format: Intl.DateTimeFormat; days: OffsetsOfDays }>()

/** Minutes east of UTC on the clocks of a zone at a moment. Asked for every value of a year: the runtime is asked twice for each day. */
export function offsetAt(zone: string, ms: number): number {
  const { format, days } = clocksOf(zone)
  const day = Math.floor(ms / dayMs)
  if (!days.has(day)) {
    const offset = readOffset(format, day * dayMs)
    days.set(day, readOffset(format, (day + 1) * dayMs - minuteMs) === offset ? offset : undefined)
  }
  return days.get(day) ?? readOffset(format, ms)
}

function clocksOf(zone: string) {
  const known = zones.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const made = { format, days: new Map() as OffsetsOfDays }
  zones.set(zone, made)
  return made
}

function readOffset(format: Intl.DateTimeFormat, ms: number): number {
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(ms)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part
  return Math.round((Date.UTC(year, month - 1, day, hour, minute) - Math.floor(ms / minuteMs) * minuteMs) / minuteMs)
}

/** When the clocks of a zone show so many minutes after midnight of a date; beyond 1,440 it is the next day. */
export function localTime(zone: string, date: string, minutes: number): number {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minutes * minuteMs
  const guess = asUtc - offsetAt(zone, asUtc) * minuteMs
  return asUtc - offsetAt(zone, guess) * minuteMs // the first offset was that of another hour
}

export const localDate = (zone: string, ms: number): string =>
  new Date(ms + offsetAt(zone, ms) * minuteMs).toISOString().slice(0, 10)

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs)

/** 0 is Monday. */
export const weekdayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
