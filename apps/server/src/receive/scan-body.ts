/**
 * Reads the commonest upload straight from its bytes into columns: plain values of one metric, each an object of timestamp, value,
 * unit and quality. `JSON.parse` would make an object and four strings of each value only for `read-samples.ts` to take them apart.
 * It reads what is sound and ordinary, in one pass, and gives up (undefined) at the first byte that is anything else: an escape, an
 * exponent, a key it does not know or has seen, a second unit, a value out of form. Then the reader of every body reads it all, so what
 * is wrong with a value is said in one place. `agrees.test.ts` proves that what both read they read alike.
 *
 * Where it stands is in module variables: an object a value would be most of the work again.
 */
import { type MetricId, primaryKind, resolveDataType } from '@tributary/protocol'
import { noOffset } from '../platform/samples/points.ts'
import { instantMs as parsedMs, instantOffset as parsedOffset, parseInstant } from './parse-instant.ts'
import { metadataFault } from './read-body.ts'
import type { BatchTime } from './read-values.ts'
import { codeOf, UnitColumn } from './unit-column.ts'
import type { Metadata, UsableBody } from './upload.ts'

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
const backslash = 0x5c
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const nine = 0x39
const utc = 0x5a // Z

let bytes: Buffer = Buffer.alloc(0)
let at = 0
/** Of the string or the number read last. */
let start = 0
let end = 0
let number = 0

export function scanBody(body: Buffer): UsableBody | undefined {
  bytes = body
  at = 0
  try {
    return readBody()
  } finally {
    bytes = nothing // nobody's values are held longer than they are read
  }
}
const nothing = Buffer.alloc(0)

function readBody(): UsableBody | undefined {
  let metric: MetricId | undefined
  let unit: string | undefined
  let time: BatchTime | null = null
  let column: UnitColumn | undefined
  let metadata: Metadata | null = null
  let seen = 0
  if (!take(openBrace)) return undefined
  do {
    if (!takeText() || !take(colon)) return undefined
    const key = keyOf()
    if (key === 0 || seen & key) return undefined
    seen |= key
    if (key === values) {
      if (metric === undefined) return undefined
      column = readValues(metric, unit, time)
      if (!column) return undefined
    } else if (key === metadataKey) {
      const given = readMetadata()
      if (!given) return undefined
      metadata = given
    } else {
      if (column || !takeText()) return undefined // what the values depend on must stand before them
      if (key === dataType) {
        metric = metricOf(latin(start, end))
        if (!metric) return undefined
      } else if (key === timestamp) {
        if (!readInstant()) return undefined
        time = { ms: instantMs, offset: instantOffset }
      } else if (key === unitKey) {
        if (end - start > mostUnit) return undefined
        unit = latin(start, end)
      } else return undefined
    }
  } while (take(comma))
  if (!take(closeBrace) || !column || !metric) return undefined
  skipBlanks()
  if (at !== bytes.length) return undefined
  const reading = column.reading()
  return {
    dataType: metric,
    metadata,
    t0: time?.ms ?? (reading.t[0] as number),
    readings: [reading],
    received: column.n,
    rejected: [],
  }
}

function metricOf(name: string): MetricId | undefined {
  if (name.length > mostDataType) return undefined
  const type = resolveDataType(name)
  return type?.kind === 'metric' && primaryKind(type.metric) !== 'E' ? type.metric : undefined
}

function readValues(metric: MetricId, unit: string | undefined, time: BatchTime | null): UnitColumn | undefined {
  if (!take(openBracket)) return undefined
  let column: UnitColumn | undefined
  do {
    const from = at
    if (!readValue()) return undefined
    const spoken = hasUnit ? unitWord : unit
    if (!column) column = new UnitColumn(metric, spoken, 1 + Math.ceil((bytes.length - at) / (at - from)))
    else if (column.unit !== spoken) return undefined
    if (hasTime) {
      column.add(column.n, valueMs, valueOffset, value, quality)
      if (isModel) readAlike(column, from)
    } else if (time) column.add(column.n, time.ms, time.offset, value, quality)
    else return undefined
  } while (take(comma))
  return take(closeBracket) ? column : undefined
}

/**
 * The values behind the one that began at `model`, for as long as they are that one byte for byte but for the time of its day and
 * its number: what a device sends hardly ever differs in more.
 */
function readAlike(column: UnitColumn, model: number): void {
  const all = bytes
  const clock = clockAt - model
  const afterClock = clockEnd - model
  const clockLength = afterClock - clock
  const afterNumber = numberEnd
  const headEnd = model + clock
  const middle = numberAt - clockEnd
  const tail = at - numberEnd
  const said = quality
  for (;;) {
    let here = at
    if (all[here++] !== comma) return
    for (let i = model; i < headEnd; i++) if (all[here++] !== all[i]) return
    const ms = msOfDay(all, here, clockLength)
    if (ms < 0) return
    here += clockLength
    for (let i = clockEnd, to = clockEnd + middle; i < to; i++) if (all[here++] !== all[i]) return
    const before = at
    at = here
    const isNumber = takeNumber()
    here = at
    at = before
    if (!isNumber) return
    for (let i = afterNumber, to = afterNumber + tail; i < to; i++) if (all[here++] !== all[i]) return
    at = here
    column.add(column.n, knownDayMs + ms, noOffset, number, said)
  }
}

/** The value read last. */
/** Its parts stand as `readAlike` wants them: the clock of an instant in UTC, then the number. */
let isModel = false
let clockAt = 0
let clockEnd = 0
let numberAt = 0
let numberEnd = 0
let hasTime = false
let valueMs = 0
let valueOffset = 0
let value = 0
let hasUnit = false
let quality: string | number | undefined

function readValue(): boolean {
  let seen = 0
  hasTime = false
  hasUnit = false
  isModel = false
  quality = undefined
  if (!take(openBrace)) return false
  do {
    if (!takeText() || !take(colon)) return false
    const key = keyOf()
    if (key === 0 || seen & key) return false
    seen |= key
    if (key === valueKey) {
      skipBlanks()
      numberAt = at
      if (!takeNumber()) return false
      numberEnd = at
      value = number
      isModel = hasTime && clockEnd > 0
    } else if (key === timestamp) {
      if (!takeText()) return false
      clockAt = start + dayLength
      clockEnd = readInstant() ? end : 0
      if (clockEnd === 0) return false
      if (instantOffset !== noOffset || end - start > 24) clockEnd = 0
      hasTime = true
      valueMs = instantMs
      valueOffset = instantOffset
    } else if (key === unitKey) {
      if (!takeText() || !readUnit()) return false
      hasUnit = true
    } else if (key === qualityKey) {
      if (!readQuality()) return false
    } else return false
  } while (take(comma))
  return (seen & valueKey) !== 0 && take(closeBrace)
}

/** Keys as bits, so that one seen twice is noticed. */
const timestamp = 1
const valueKey = 2
const unitKey = 4
const qualityKey = 8
const dataType = 16
const values = 32
const metadataKey = 64

/** Of the text taken last; 0 for one that is not known here. Told apart by length, then byte by byte. */
function keyOf(): number {
  switch (end - start) {
    case 4:
      return spells('unit') ? unitKey : 0
    case 5:
      return spells('value') ? valueKey : 0
    case 6:
      return spells('values') ? values : 0
    case 7:
      return spells('quality') ? qualityKey : 0
    case 8:
      return spells('metadata') ? metadataKey : 0
    case 9:
      return spells('timestamp') ? timestamp : spells('data_type') ? dataType : 0
    default:
      return 0
  }
}

function spells(word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return false
  return true
}

/** The unit and the quality said last, which are mostly those said next. */
let unitWord = ''
let qualityWord = ''

const mostUnit = 40
const mostDataType = 50

function readUnit(): boolean {
  if (end - start === unitWord.length && spells(unitWord)) return true
  if (end - start > mostUnit) return false
  unitWord = latin(start, end)
  return true
}

function readQuality(): boolean {
  if (bytes[at] === quote || isBlank(bytes[at])) {
    if (!takeText()) return false
    if (end - start !== qualityWord.length || !spells(qualityWord)) qualityWord = latin(start, end)
    quality = qualityWord
  } else {
    if (!takeNumber()) return false
    quality = number
  }
  return codeOf(quality) !== undefined
}

/** Anything that is JSON: it is small, and kept as it is. */
function readMetadata(): Metadata | undefined {
  skipBlanks()
  const from = at
  if (bytes[at] !== openBrace) return undefined
  let depth = 0
  for (; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === backslash) return undefined
    if (byte === quote) {
      const closing = bytes.indexOf(quote, at + 1)
      if (closing < 0 || bytes.subarray(at, closing).includes(backslash)) return undefined
      at = closing
    } else if (byte === openBrace || byte === openBracket) {
      if (++depth > mostDepth) return undefined
    } else if (byte === closeBrace || byte === closeBracket) {
      if (--depth > 0) continue
      at++
      return metadataIn(bytes.toString('utf8', from, at))
    }
  }
  return undefined
}

const mostDepth = 8

function metadataIn(text: string): Metadata | undefined {
  try {
    const metadata = JSON.parse(text)
    return metadataFault(metadata) ? undefined : metadata
  } catch {
    return undefined
  }
}

/** The instant in the text taken last. Values a second or a minute apart share their day: it is read again only when it changes. */
function readInstant(): boolean {
  if (end - start < 20 || !spells(knownDay)) return readFreshInstant()
  const ms = msOfDay(bytes, start + dayLength, end - start - dayLength)
  return ms < 0 ? readFreshInstant() : setInstant(knownDayMs + ms)
}

/** `hh:mm:ssZ` or `hh:mm:ss.mmmZ`; −1 for anything else. */
function msOfDay(all: Buffer, from: number, length: number): number {
  const hour = twoDigits(all, from)
  const minute = twoDigits(all, from + 3)
  const second = twoDigits(all, from + 6)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1
  if (all[from + 2] !== colon || all[from + 5] !== colon || all[from + length - 1] !== utc) return -1
  const ms = ((hour * 60 + minute) * 60 + second) * 1_000
  if (length === 9) return ms
  if (length !== 13 || all[from + 8] !== point) return -1
  const hundreds = twoDigits(all, from + 9)
  const ones = (all[from + 11] as number) - zero
  return hundreds < 0 || ones < 0 || ones > 9 ? -1 : ms + hundreds * 10 + ones
}

function setInstant(ms: number): boolean {
  instantMs = ms
  instantOffset = noOffset
  return true
}

/** Any spelling of an instant. */
function readFreshInstant(): boolean {
  const text = latin(start, end)
  const day = text.slice(0, 11)
  if (parseInstant(`${day}00:00:00Z`)) {
    knownDay = day
    knownDayMs = parsedMs
  }
  if (!parseInstant(text)) return false
  instantMs = parsedMs
  instantOffset = parsedOffset
  return true
}

let instantMs = 0
let instantOffset = 0
/** As an instant begins: date and T. */
let knownDay = '?'
const dayLength = 11
let knownDayMs = 0

function takeText(): boolean {
  if (bytes[at] !== quote && !skipTo(quote)) return false
  start = at + 1
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (byte === quote) {
      end = i
      at = i + 1
      return true
    }
    // Control characters are not JSON; beyond ASCII it takes a decoder.
    if (byte < 0x20 || byte > 0x7e || byte === backslash) return false
  }
  return false
}

/** Up to 15 digits make an integer that a double holds, and so does the power of ten: their quotient is the nearest double. */
function takeNumber(): boolean {
  skipBlanks()
  const all = bytes
  let here = at
  const negative = all[here] === minus
  if (negative) here++
  const first = here
  let mantissa = 0
  for (let byte = all[here] as number; byte >= zero && byte <= nine; byte = all[++here] as number)
    mantissa = mantissa * 10 + byte - zero
  const digits = here - first
  if (digits === 0 || (digits > 1 && all[first] === zero)) return false
  let decimals = 0
  if (all[here] === point) {
    const after = ++here
    for (let byte = all[here] as number; byte >= zero && byte <= nine; byte = all[++here] as number)
      mantissa = mantissa * 10 + byte - zero
    decimals = here - after
    if (decimals === 0) return false
  }
  if (digits + decimals > 15) return false
  const magnitude = decimals === 0 ? mantissa : mantissa / (powersOfTen[decimals] as number)
  number = negative ? -magnitude : magnitude
  at = here
  return true // what follows must be a comma or a brace, so an exponent ends the reading there
}

const powersOfTen = Array.from({ length: 16 }, (_, i) => Number(`1e${i}`))

function take(byte: number): boolean {
  if (bytes[at] !== byte && !skipTo(byte)) return false
  at++
  return true
}

function skipTo(byte: number): boolean {
  skipBlanks()
  return bytes[at] === byte
}

function skipBlanks(): void {
  while (isBlank(bytes[at])) at++
}

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

function twoDigits(all: Buffer, from: number): number {
  const tens = (all[from] as number) - zero
  const ones = (all[from + 1] as number) - zero
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

const latin = (from: number, to: number): string => bytes.toString('latin1', from, to)
