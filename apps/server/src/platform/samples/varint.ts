/** Whole numbers from 0 to 2^53 − 1, seven bits to a byte, the smallest bits first. */

/** No number here takes more bytes than this. */
export const varintMax = 8

export function writeVarint(out: Uint8Array, at: number, value: number): number {
  // Bit operations know 32 bits only; what is larger goes by division until it fits.
  while (value > 0x7fff_ffff) {
    out[at++] = (value % 128) | 128
    value = Math.floor(value / 128)
  }
  while (value > 127) {
    out[at++] = (value & 127) | 128
    value >>>= 7
  }
  out[at++] = value
  return at
}

/** A place in bytes being read. Reads move it on, and refuse to leave the bytes. */
export interface Cursor {
  bytes: Uint8Array
  at: number
}

export function readVarint(from: Cursor): number {
  const { bytes } = from
  let at = from.at
  let value = 0
  let scale = 1
  for (;;) {
    const byte = bytes[at++]
    if (byte === undefined) throw new RangeError('sample bytes end inside a number')
    value += (byte & 127) * scale
    if (byte < 128) break
    scale *= 128
    if (scale > 2 ** 49) throw new RangeError('a number of more than eight bytes in sample bytes')
  }
  from.at = at
  return value
}

/** Signed numbers as unsigned: 0, −1, 1, −2 … become 0, 1, 2, 3 … */
export const zigzag = (x: number): number => (x < 0 ? -2 * x - 1 : 2 * x)
export const unzigzag = (x: number): number => (x % 2 === 1 ? -(x + 1) / 2 : x / 2)
