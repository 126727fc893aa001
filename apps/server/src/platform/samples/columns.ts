/**
 * Columns of whole numbers as the differences between neighbours. A token is a varint:
 *   0       the same as before, once
 *   1, k    the same as before, k + 2 times
 *   even    −token ÷ 2 less
 *   odd     (token − 1) ÷ 2 more
 * so a column of one value costs four bytes however long it is, and a difference of up to 63 costs one.
 */
import { type Cursor, readVarint, unzigzag, varintMax, writeVarint, zigzag } from './varint.ts'

/** The most bytes a column of `n` can take. */
export const columnRoom = (n: number): number => (n + 2) * (varintMax + 1)

function writeRun(out: Uint8Array, at: number, run: number): number {
  if (run === 1) {
    out[at++] = 0
    return at
  }
  out[at++] = 1
  return writeVarint(out, at, run - 2)
}

/** Writes `round(column × scale)`; the caller knows that every product is whole and below 2^50. */
export function writeDeltas(out: Uint8Array, at: number, column: Float64Array, scale: number): number {
  const n = column.length
  let before = 0
  let run = 0
  for (let i = 0; i < n; i++) {
    const x = Math.round((column[i] as number) * scale)
    const delta = x - before
    if (delta === 0) {
      run++
      continue
    }
    before = x
    if (run > 0) {
      at = writeRun(out, at, run)
      run = 0
    }
    const token = delta > 0 ? delta * 2 + 1 : delta * -2
    if (token < 128) out[at++] = token
    else at = writeVarint(out, at, token)
  }
  return run > 0 ? writeRun(out, at, run) : at
}

/** Reads `column.length` numbers, each divided by `scale` (a division gives back the very double, a product would not). */
export function readDeltas(from: Cursor, column: Float64Array, scale: number): void {
  const { bytes } = from
  const n = column.length
  let at = from.at
  let x = 0
  let value = 0
  for (let i = 0; i < n; ) {
    let token = bytes[at++] as number
    if (token > 127) {
      from.at = at - 1
      token = readVarint(from)
      at = from.at
    }
    if (token > 1) {
      x +=
        token < 0x8000_0000
          ? token & 1
            ? token >>> 1
            : -(token >>> 1)
          : token % 2 === 1
            ? (token - 1) / 2
            : -token / 2
      value = x / scale
      column[i++] = value
    } else if (token === 0) {
      column[i++] = value
    } else if (token === 1) {
      from.at = at
      const end = i + readVarint(from) + 2
      at = from.at
      if (end > n) throw new RangeError('a run leaves its column')
      column.fill(value, i, end)
      i = end
    } else throw new RangeError('sample bytes end inside a column')
  }
  from.at = at
}

/** Times: the first as it is, then how each step differs from the step before; a regular cadence is one run. */
export function writeTimes(out: Uint8Array, at: number, t: Float64Array, unit: number): number {
  const n = t.length
  if (n === 0) return at
  let before = Math.round((t[0] as number) / unit)
  at = writeVarint(out, at, zigzag(before))
  let step = 0
  let run = 0
  for (let i = 1; i < n; i++) {
    const x = unit === 1 ? (t[i] as number) : Math.round((t[i] as number) / unit)
    const delta = x - before - step
    before = x
    if (delta === 0) {
      run++
      continue
    }
    step += delta
    if (run > 0) {
      at = writeRun(out, at, run)
      run = 0
    }
    const token = delta > 0 ? delta * 2 + 1 : delta * -2
    if (token < 128) out[at++] = token
    else at = writeVarint(out, at, token)
  }
  return run > 0 ? writeRun(out, at, run) : at
}

export function readTimes(from: Cursor, t: Float64Array, unit: number): void {
  const { bytes } = from
  const n = t.length
  if (n === 0) return
  let x = unzigzag(readVarint(from)) * unit
  t[0] = x
  let at = from.at
  let step = 0
  for (let i = 1; i < n; ) {
    let token = bytes[at++] as number
    if (token > 127) {
      from.at = at - 1
      token = readVarint(from)
      at = from.at
    }
    if (token > 1) {
      const delta =
        token < 0x8000_0000
          ? token & 1
            ? token >>> 1
            : -(token >>> 1)
          : token % 2 === 1
            ? (token - 1) / 2
            : -token / 2
      step += delta * unit
      x += step
      t[i++] = x
    } else if (token === 0) {
      x += step
      t[i++] = x
    } else if (token === 1) {
      from.at = at
      const end = i + readVarint(from) + 2
      at = from.at
      if (end > n) throw new RangeError('a run leaves its column')
      for (; i < end; i++) {
        x += step
        t[i] = x
      }
    } else throw new RangeError('sample bytes end inside a column')
  }
  from.at = at
}
