/** Between wall clocks and instants, by IANA zone. Every zone has changed only at full quarter hours since 2000. */

const quarterMs = 900_000
const dayMs = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, Map<number, number>>()
const quartersKept = 50_000

/** Minutes east of UTC at an instant. @throws RangeError for a zone that is not one. */
export function offsetAt(timeZone: string, t: number): number {
  let known = offsets.get(timeZone)
  if (!known) {
    known = new Map()
    offsets.set(timeZone, known)
  }
  const quarter = Math.floor(t / quarterMs)
  let offset = known.get(quarter)
  if (offset === undefined) {
    offset = readOffset(formatFor(timeZone), quarter * quarterMs)
    if (known.size >= quartersKept) known.clear()
    known.set(quarter, offset)
  }
  return offset
}

export function isTimeZone(name: string): boolean {
  try {
    formatFor(name)
    return true
  } catch {
    return false
  }
}

export interface Instant {
  t: number
  /** Minutes east of UTC. */
  offset: number
  /** The clock showed it twice (the first is taken) or never (it is read as if the clock had not been put forward yet). */
  doubt?: 'twice' | 'never'
}

/** The instant at which clocks in a zone showed a wall-clock time, given as milliseconds as if it were UTC. */
export function instantOf(local: number, timeZone: string): Instant {
  const before = offsetAt(timeZone, local - dayMs)
  const after = offsetAt(timeZone, local + dayMs)
  const early = local - before * 60_000
  if (before === after) return { t: early, offset: before }
  const late = local - after * 60_000
  const isEarly = offsetAt(timeZone, early) === before
  const isLate = offsetAt(timeZone, late) === after
  if (isEarly) return isLate ? { t: early, offset: before, doubt: 'twice' } : { t: early, offset: before }
  if (isLate) return { t: late, offset: after }
  return { t: early, offset: offsetAt(timeZone, early), doubt: 'never' }
}

/** YYYY-MM-DD that a clock with this offset shows. */
export function dateOf(t: number, offset: number): string {
  return new Date(t + offset * 60_000).toISOString().slice(0, 10)
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    formats.set(timeZone, format)
  }
  return format
}

function readOffset(format: Intl.DateTimeFormat, t: number): number {
  const name = format.formatToParts(t).find((part) => part.type === 'timeZoneName')?.value ?? ''
  const match = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name)
  if (!match) throw new RangeError(`no offset in ${name}`)
  return match[1] ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0
}
