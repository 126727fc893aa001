/**
 * Points to bytes and back, exactly. The first byte is the codec's version; the highest bit of it says that the rest is
 * deflated (`pack`). Then come: flags, the number of points, times, values and whichever optional columns are not all default.
 * Measured on one core of a 2-core server: see `bench/codec.bench.ts`.
 */
import { columnRoom, readDeltas, readTimes, writeDeltas, writeTimes } from './columns.ts'
import { noOffset, type Points } from './points.ts'
import { type Cursor, readVarint, varintMax, writeVarint } from './varint.ts'

export const codecVersion = 1

const flag = { msTimes: 1, d: 2, q: 4, z: 8, m: 16, u: 32, msDurations: 64 } as const

/** Times lie between the years −15870 and 19809, so that a difference of differences stays an exact whole number. */
const timeLimit = 2 ** 49
/** Scaled values below this have exact differences, and rounding finds their neighbours' decimals without error. */
const scaledLimit = 2 ** 50
const powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6] as const
/** The value column's mode: 0–6 is the power of ten, this one is eight bytes each. */
const asDoubles = 7

/** Kept between calls: a fresh worst-case buffer for each segment would cost more than the encoding. */
let scratch = new Uint8Array(64 * 1024)

function scratchFor(p: Points): Uint8Array {
  const units = p.u ? p.u.reduce((sum, unit) => sum + (unit?.length ?? 0) * 3 + varintMax, 0) : 0
  const room = 64 + columnRoom(p.n) * 7 + units
  if (scratch.length < room) scratch = new Uint8Array(Math.max(room, scratch.length * 2))
  return scratch
}

export function encode(p: Points): Buffer {
  const out = scratchFor(p)
  const timeUnit = unitOf(p.t, 'times')
  const durationUnit = p.d ? unitOf(p.d, 'durations') : 1000
  let flags = timeUnit === 1 ? flag.msTimes : 0
  if (p.d && !allAre(p.d, 0)) flags |= durationUnit === 1 ? flag.d | flag.msDurations : flag.d
  if (p.q && !allAre(p.q, 0)) flags |= flag.q
  if (p.z && !allAre(p.z, noOffset)) flags |= flag.z
  if (p.m && !allAre(p.m, 0)) flags |= flag.m
  if (p.u?.some((unit) => unit !== null)) flags |= flag.u
  out[0] = codecVersion
  out[1] = flags
  let at = writeVarint(out, 2, p.n)
  at = writeTimes(out, at, p.t, timeUnit)
  at = writeValues(out, at, p.v)
  if (p.d && flags & flag.d) at = writeDeltas(out, at, durationUnit === 1 ? p.d : p.d.map((ms) => ms / 1000), 1)
  if (p.q && flags & flag.q) at = writeDeltas(out, at, new Float64Array(p.q), 1)
  if (p.z && flags & flag.z) at = writeDeltas(out, at, new Float64Array(p.z), 1)
  if (p.m && flags & flag.m) at = writeDeltas(out, at, new Float64Array(p.m), 1)
  if (p.u && flags & flag.u) at = writeUnits(out, at, p.u)
  const bytes = Buffer.allocUnsafe(at)
  bytes.set(out.subarray(0, at))
  return bytes
}

export function decode(bytes: Uint8Array): Points {
  const { from, flags, n } = open(bytes)
  const p: Points = { n, t: new Float64Array(n), v: new Float64Array(n), d: null, q: null, z: null, m: null, u: null }
  readTimes(from, p.t, flags & flag.msTimes ? 1 : 1000)
  readValues(from, p.v)
  if (flags & flag.d) p.d = readColumn(from, n)
  if (p.d && !(flags & flag.msDurations)) for (let i = 0; i < n; i++) p.d[i] = (p.d[i] as number) * 1000
  if (flags & flag.q) p.q = new Uint32Array(readColumn(from, n))
  if (flags & flag.z) p.z = new Int16Array(readColumn(from, n))
  if (flags & flag.m) p.m = new Uint8Array(readColumn(from, n))
  if (flags & flag.u) p.u = readUnits(from, n)
  if (from.at !== bytes.length) throw new RangeError(`${bytes.length - from.at} bytes too many after the points`)
  return p
}

/** How many points are encoded, without decoding them. */
export const countOf = (bytes: Uint8Array): number => open(bytes).n

/** Times and values only, into columns of the caller's at `at`; answers how many. What charts of a year read. */
export function decodeInto(bytes: Uint8Array, t: Float64Array, v: Float64Array, at: number): number {
  const { from, flags, n } = open(bytes)
  if (at + n > t.length || at + n > v.length) throw new RangeError(`no room for ${n} points`)
  readTimes(from, t.subarray(at, at + n), flags & flag.msTimes ? 1 : 1000)
  readValues(from, v.subarray(at, at + n))
  return n
}

function open(bytes: Uint8Array): { from: Cursor; flags: number; n: number } {
  if (bytes[0] !== codecVersion) throw new RangeError(`sample bytes of an unknown version ${bytes[0]}`)
  const from = { bytes, at: 2 }
  const n = readVarint(from)
  return { from, flags: bytes[1] as number, n }
}

const allAre = (column: ArrayLike<number>, value: number): boolean => {
  for (let i = 0; i < column.length; i++) if (column[i] !== value) return false
  return true
}

/** 1,000 when every time is a whole second, else 1; refuses what is no whole number of milliseconds. */
function unitOf(column: Float64Array, name: string): 1 | 1000 {
  let i = 0
  for (; i < column.length; i++) {
    const ms = column[i] as number
    if (Math.round(ms / 1000) * 1000 !== ms) break
    if (ms > timeLimit || ms < -timeLimit) throw new RangeError(`${name} reach ${ms} ms`)
  }
  if (i === column.length) return 1000
  for (; i < column.length; i++) {
    const ms = column[i] as number
    if (Math.round(ms) !== ms) throw new RangeError(`${name} must be whole milliseconds, not ${ms}`)
    if (ms > timeLimit || ms < -timeLimit) throw new RangeError(`${name} reach ${ms} ms`)
  }
  return 1
}

/**
 * The smallest power of ten that makes every value a whole number and gives it back exactly; `asDoubles` when none does.
 * A power that serves one value also serves those which a smaller one served: below 2^50 the error of the product is
 * under a quarter, so rounding finds the same decimal, and dividing it is correctly rounded.
 */
function scaleOf(v: Float64Array): number {
  let mode = 0
  let power = 1
  let largest = 0
  for (let i = 0; i < v.length; i++) {
    const value = v[i] as number
    let scaled = Math.round(value * power)
    while (scaled / power !== value) {
      if (++mode === asDoubles) return asDoubles
      power = powers[mode] as number
      scaled = Math.round(value * power)
    }
    const size = Math.abs(value)
    if (size > largest) largest = size
    if (scaled === 0 && Object.is(value, -0)) return asDoubles
  }
  return largest * power < scaledLimit ? mode : asDoubles
}

function writeValues(out: Uint8Array, at: number, v: Float64Array): number {
  const mode = scaleOf(v)
  out[at++] = mode
  if (mode !== asDoubles) return writeDeltas(out, at, v, powers[mode] as number)
  const view = new DataView(out.buffer, out.byteOffset)
  for (const value of v) {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is not a value`)
    view.setFloat64(at, value, true)
    at += 8
  }
  return at
}

function readValues(from: Cursor, v: Float64Array): void {
  const mode = from.bytes[from.at++] as number
  if (mode !== asDoubles) {
    const power = powers[mode]
    if (!power) throw new RangeError(`unknown value mode ${mode}`)
    readDeltas(from, v, power)
    return
  }
  const view = new DataView(from.bytes.buffer, from.bytes.byteOffset, from.bytes.length)
  for (let i = 0; i < v.length; i++, from.at += 8) v[i] = view.getFloat64(from.at, true)
}

function readColumn(from: Cursor, n: number): Float64Array {
  const column = new Float64Array(n)
  readDeltas(from, column, 1)
  return column
}

/** The distinct units, then a column of 0 (the catalogue's own) or the unit's place from 1. */
function writeUnits(out: Uint8Array, at: number, units: (string | null)[]): number {
  const names = [...new Set(units)].filter((unit) => unit !== null)
  at = writeVarint(out, at, names.length)
  for (const name of names) {
    const bytes = Buffer.from(name, 'utf8')
    at = writeVarint(out, at, bytes.length)
    out.set(bytes, at)
    at += bytes.length
  }
  const places = new Map<string | null, number>(names.map((name, i) => [name, i + 1]))
  return writeDeltas(
    out,
    at,
    Float64Array.from(units, (unit) => places.get(unit) ?? 0),
    1,
  )
}

function readUnits(from: Cursor, n: number): (string | null)[] {
  const names: (string | null)[] = [null]
  for (let left = readVarint(from); left > 0; left--) {
    const length = readVarint(from)
    names.push(Buffer.from(from.bytes.subarray(from.at, from.at + length)).toString('utf8'))
    from.at += length
  }
  return Array.from(readColumn(from, n), (place) => names[place] ?? null)
}
