/** Minutes that the clocks of a zone are ahead of UTC: for records that name a zone, or tell wall times. */

const formats = new Map<string, Intl.DateTimeFormat | null>()

/** At a moment; undefined for a zone that nobody knows. */
export function offsetIn(timeZone: string, t: number): number | undefined {
  const format = formatOf(timeZone)
  if (!format) return undefined
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(t)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(t / 1000) * 1000) / 60_000)
}

/** The moment at which the clocks of a zone showed so (`wall` as if it were UTC). In the hour that comes twice, the first. */
export function momentOf(wall: number, timeZone: string): number {
  const first = wall - (offsetIn(timeZone, wall - 86_400_000) ?? 0) * 60_000
  const later = wall - (offsetIn(timeZone, first) ?? 0) * 60_000
  return offsetIn(timeZone, first) === offsetIn(timeZone, later) ? later : Math.min(first, later)
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = make(timeZone)
    formats.set(timeZone, format)
  }
  return format
}

function make(timeZone: string): Intl.DateTimeFormat | null {
  const numeric = 'numeric'
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
