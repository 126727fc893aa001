/**
 * Columns as PostgreSQL's binary arrays. `pg` sends a Buffer parameter in binary, so thousands of rows travel through one
 * prepared `insert … select from unnest(…)` without being spelt out as text and parsed again.
 */

export type ColumnType =
  | 'uuid'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float8'
  | 'bool'
  | 'text'
  | 'jsonb'
  | 'bytea'
  | 'date'
  | 'timestamptz'

/** From pg_type.dat; they never change. */
const oids: Record<ColumnType, number> = {
  uuid: 2950,
  int2: 21,
  int4: 23,
  int8: 20,
  float8: 701,
  bool: 16,
  text: 25,
  jsonb: 3802,
  bytea: 17,
  date: 1082,
  timestamptz: 1184,
}

/** Bytes of a value; null where it depends on the value. */
const widths: Record<ColumnType, number | null> = {
  uuid: 16,
  int2: 2,
  int4: 4,
  int8: 8,
  float8: 8,
  bool: 1,
  text: null,
  jsonb: null,
  bytea: null,
  date: 4,
  timestamptz: 8,
}

const headerBytes = 20
/** PostgreSQL counts time from 2000-01-01. */
const epochMs = 946_684_800_000
const epochDay = 10_957

/**
 * An array parameter. Times are milliseconds since 1970 or Date, dates are days since 1970, uuids text,
 * jsonb anything that JSON can say; null and undefined become null.
 */
export function arrayOf(type: ColumnType, values: readonly unknown[]): Buffer {
  const width = widths[type]
  const ready = width === null ? values.map((value) => bytesOf(type, value)) : values
  const out = Buffer.allocUnsafe(headerBytes + roomOf(ready, width))
  let hasNull = 0
  let at = headerBytes
  for (const value of ready) {
    if (value === null || value === undefined) {
      hasNull = 1
      at = out.writeInt32BE(-1, at)
    } else if (width === null) {
      const bytes = value as Buffer
      at = out.writeInt32BE(bytes.length, at)
      bytes.copy(out, at)
      at += bytes.length
    } else {
      at = out.writeInt32BE(width, at)
      write(out, at, type, value)
      at += width
    }
  }
  out.writeInt32BE(1, 0) // dimensions
  out.writeInt32BE(hasNull, 4)
  out.writeInt32BE(oids[type], 8)
  out.writeInt32BE(values.length, 12)
  out.writeInt32BE(1, 16) // the first index
  return out.subarray(0, at)
}

function roomOf(values: readonly unknown[], width: number | null): number {
  if (width !== null) return values.length * (4 + width)
  return (values as (Buffer | null)[]).reduce((sum, bytes) => sum + 4 + (bytes?.length ?? 0), 0)
}

function bytesOf(type: ColumnType, value: unknown): Buffer | null {
  if (value === null || value === undefined) return null
  if (type === 'bytea') return value as Buffer
  if (type === 'text') return Buffer.from(value as string, 'utf8')
  return Buffer.concat([Buffer.of(1), Buffer.from(JSON.stringify(value), 'utf8')]) // jsonb's own version byte
}

function write(out: Buffer, at: number, type: ColumnType, value: unknown): void {
  switch (type) {
    case 'uuid':
      writeUuid(out, at, value as string)
      return
    case 'int2':
      out.writeInt16BE(value as number, at)
      return
    case 'int4':
      out.writeInt32BE(value as number, at)
      return
    case 'int8':
      writeInt8(out, at, value as number)
      return
    case 'float8':
      out.writeDoubleBE(value as number, at)
      return
    case 'bool':
      out[at] = value ? 1 : 0
      return
    case 'date':
      out.writeInt32BE((value as number) - epochDay, at)
      return
    case 'timestamptz':
      writeTime(out, at, value instanceof Date ? value.getTime() : (value as number))
      return
    default:
      throw new TypeError(`${type} has no fixed width`)
  }
}

/** Digit by digit: without hyphens first and then as hex it took six times as long, and an upload has six. */
function writeUuid(out: Buffer, at: number, uuid: string): void {
  let digits = 0
  for (let i = 0; i < uuid.length; i++) {
    const code = uuid.charCodeAt(i)
    if (code === hyphen) continue
    const digit = code < hexDigits.length ? (hexDigits[code] as number) : -1
    if (digit < 0 || digits === 32) throw new RangeError(`${uuid} is no UUID`)
    const place = at + (digits >> 1)
    out[place] = digits & 1 ? (out[place] as number) | digit : digit << 4
    digits++
  }
  if (digits !== 32) throw new RangeError(`${uuid} is no UUID`)
}

const hyphen = 45
/** By character code; −1 for what is none. */
const hexDigits = Int8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16)
  return Number.isNaN(digit) ? -1 : digit
})

function writeInt8(out: Buffer, at: number, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no int8 that a number can hold`)
  const high = Math.floor(value / 2 ** 32)
  out.writeInt32BE(high, at)
  out.writeUInt32BE(value - high * 2 ** 32, at + 4)
}

function writeTime(out: Buffer, at: number, ms: number): void {
  const micros = (ms - epochMs) * 1000
  // Beyond the year 2285 microseconds no longer fit a double.
  if (Number.isSafeInteger(micros)) writeInt8(out, at, micros)
  else out.writeBigInt64BE(BigInt(ms - epochMs) * 1000n, at)
}
