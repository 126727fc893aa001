/** Dates and numbers of an export, straight from its bytes: a string of each would cost more than all the rest. */
import { readDecimal } from '../xml/values.ts'

export interface Moment {
  t: number
  /** Minutes east of UTC as written: of the zone the phone was in when it exported, not where it was measured. */
  offset: number
}

const zero = 0x30

/** `2026-10-13 08:01:40 +0200`; undefined when it is no such date. Any other spelling of ISO 8601 with a zone is understood too. */
export function momentOf(text: string): Moment | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? ?(Z|[+-]\d\d:?\d\d)$/.exec(text.trim())
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const midnight = midnightOf(year, month, day)
  if (midnight === undefined || hour > 23 || minute > 59 || second > 60) return undefined
  const zone = match[8] as string
  const [hours, minutes] = zone === 'Z' ? [0, 0] : [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  if (hours > 18 || minutes > 59) return undefined
  const offset = (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) + 0 // no -0
  const fraction = match[7] ? Math.floor(Number(`0.${match[7]}`) * 1000) : 0
  return { t: midnight + ((hour * 60 + minute) * 60 + second) * 1000 + fraction - offset * 60_000, offset }
}

/** Midnight UTC of a date; undefined when the calendar has no such day. */
function midnightOf(year: number, month: number, day: number): number | undefined {
  const t = Date.UTC(year, month - 1, day)
  const date = new Date(t)
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? t : undefined
}

/** Reads `momentOf` of bytes. The day of the last date is remembered, as the next one is nearly always the same. */
export class MomentReader {
  t = 0
  offset = 0
  #day = -1
  #midnight = 0

  /** Whether there is a date; it is then in `t` and `offset`. */
  read(bytes: Buffer, start: number, end: number): boolean {
    return this.#readUsual(bytes, start, end) || this.#readAny(bytes, start, end)
  }

  #readUsual(b: Buffer, s: number, end: number): boolean {
    if (end - s !== 25 || b[s + 4] !== 0x2d || b[s + 7] !== 0x2d || b[s + 10] !== 0x20 || b[s + 13] !== 0x3a)
      return false
    const sign = b[s + 20]
    if (b[s + 16] !== 0x3a || b[s + 19] !== 0x20 || (sign !== 0x2b && sign !== 0x2d)) return false
    const century = two(b, s)
    const year = two(b, s + 2)
    const month = two(b, s + 5)
    const day = two(b, s + 8)
    const hour = two(b, s + 11)
    const minute = two(b, s + 14)
    const second = two(b, s + 17)
    const hours = two(b, s + 21)
    const minutes = two(b, s + 23)
    if ((century | year | month | day | hour | minute | second | hours | minutes) < 0) return false
    if (hour > 23 || minute > 59 || second > 60 || hours > 18 || minutes > 59) return false
    const key = ((century * 100 + year) * 100 + month) * 100 + day
    if (key !== this.#day) {
      const midnight = midnightOf(century * 100 + year, month, day)
      if (midnight === undefined) return false
      this.#day = key
      this.#midnight = midnight
    }
    const east = hours * 60 + minutes
    this.offset = sign === 0x2d && east ? -east : east
    this.t = this.#midnight + ((hour * 60 + minute) * 60 + second) * 1000 - this.offset * 60_000
    return true
  }

  #readAny(bytes: Buffer, start: number, end: number): boolean {
    const moment = end - start > 60 ? undefined : momentOf(bytes.toString('latin1', start, end))
    if (!moment) return false
    this.t = moment.t
    this.offset = moment.offset
    return true
  }
}

/** Two digits, or a negative number when one is none. */
function two(bytes: Buffer, at: number): number {
  const tens = (bytes[at] as number) - zero
  const ones = (bytes[at + 1] as number) - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

const powers = Array.from({ length: 16 }, (_, power) => 10 ** power)

/**
 * A decimal number; NaN when it is none. Up to 15 digits an integer and a power of ten are both exact, so their quotient is rounded
 * once, as `Number` does; anything longer or stranger goes that way.
 */
export function numberOf(bytes: Buffer, start: number, end: number): number {
  let at = start
  const negative = bytes[at] === 0x2d
  if (negative) at++
  let digits = 0
  let decimals = -1
  let value = 0
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === 0x2e && decimals < 0 && digits > 0) {
      decimals = 0
      continue
    }
    if (byte < zero || byte > 0x39 || ++digits > 15) return slowNumber(bytes, start, end)
    value = value * 10 + byte - zero
    if (decimals >= 0) decimals++
  }
  if (digits === 0) return Number.NaN
  if (decimals > 0) value /= powers[decimals] as number
  return negative ? -value : value
}

function slowNumber(bytes: Buffer, start: number, end: number): number {
  return end - start > 400 ? Number.NaN : readDecimal(bytes.toString('latin1', start, end).trim())
}
