/** Wall clocks of IANA zones, by what the runtime knows of them. */
export const minuteMs = 60_000
export const hourMs = 3_600_000
export const dayMs = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()

/** Minutes east of UTC on the clocks of a zone at a moment. */
export function offsetAt(zone: string, ms: number): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
  formats.set(zone, format)
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
