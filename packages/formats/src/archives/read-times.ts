/** Dates and times as archives spell them, as wall times (`LocalClock`) or, where the zone is said, as times. Undefined when it is none. */

export interface WrittenTime {
  wall: number
  /** Minutes east of UTC; undefined when the text does not say. */
  offset: number | undefined
}

const iso =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/i
/** American, as Fitbit writes: month first, mostly two digits of the year. */
const american = /^(\d\d?)\/(\d\d?)\/(\d\d|\d{4})(?: (\d\d?):(\d\d)(?::(\d\d))?)?$/

export function readIso(text: string): WrittenTime | undefined {
  const match = iso.exec(text.trim())
  if (!match) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction, zone] = match
  const wall = wallTime(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))
  if (wall === undefined) return undefined
  return { wall: wall + (fraction ? Math.round(Number(`0.${fraction}`) * 1000) : 0), offset: offsetOf(zone) }
}

export function readAmerican(text: string): number | undefined {
  const match = american.exec(text.trim())
  if (!match) return undefined
  const [, month, day, year, hour = '0', minute = '0', second = '0'] = match
  const full = (year as string).length === 2 ? 2000 + Number(year) : Number(year)
  return wallTime(full, Number(month), Number(day), Number(hour), Number(minute), Number(second))
}

function offsetOf(zone: string | undefined): number | undefined {
  if (!zone) return undefined
  if (!/^[+-]/.test(zone)) return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0)
  return zone.startsWith('-') ? -minutes : minutes
}

function wallTime(year: number, month: number, day: number, hour: number, minute: number, second: number) {
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60) return undefined
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** A plain number of a text or a JSON value; NaN for anything else, empty text and `null` among it. */
export function readNumber(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(value)) return Number.NaN
  return Number(value)
}
