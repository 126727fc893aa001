/** The wall clock of a zone, or of so many minutes east of UTC where a source said how many. */

const formats = new Map<string, Intl.DateTimeFormat>()

/** Milliseconds as if the wall clock stood in Greenwich. */
export function wallClock(ms: number, offsetMinutes: number | null, timeZone: string): number {
  return ms + (offsetMinutes ?? offsetOf(ms, timeZone)) * 60_000
}

/** The date on that clock. */
export const localDate = (ms: number, offsetMinutes: number | null, timeZone: string): string =>
  new Date(wallClock(ms, offsetMinutes, timeZone)).toISOString().slice(0, 10)

/** Minutes east of UTC in a zone at a time. A name that the runtime does not know counts as UTC. */
export function offsetOf(ms: number, timeZone: string): number {
  const name = formatOf(timeZone)
    .formatToParts(ms)
    .find(({ type }) => type === 'timeZoneName')?.value
  const [, sign, hours = '0', minutes = '0'] = name?.match(/^GMT([+-])(\d\d):(\d\d)/) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = makeFormat(timeZone)
  formats.set(timeZone, made)
  return made
}

function makeFormat(timeZone: string): Intl.DateTimeFormat {
  const options = { timeZoneName: 'longOffset' } as const
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone })
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }) // a zone that this runtime's tables lack
  }
}
