/** The low five bits of a base type's id; some writers leave out the "has endianness" bit 0x80, so it is not looked at. */
export const base = {
  enum: 0,
  sint8: 1,
  uint8: 2,
  sint16: 3,
  uint16: 4,
  sint32: 5,
  uint32: 6,
  string: 7,
  float32: 8,
  float64: 9,
  uint8z: 10,
  uint16z: 11,
  uint32z: 12,
  byte: 13,
  sint64: 14,
  uint64: 15,
  uint64z: 16,
} as const

const sizes = [1, 1, 1, 2, 2, 4, 4, 1, 4, 8, 1, 2, 4, 1, 8, 8, 8]

/** Bytes of one element; undefined for a type that this profile does not know. */
export function sizeOfType(type: number): number | undefined {
  return sizes[type]
}

/** One element as a number, before any scaling; NaN when it carries the type's "invalid". */
export function readNumber(view: DataView, at: number, type: number, little: boolean): number {
  switch (type) {
    case 0:
    case 2:
    case 13:
      return orInvalid(view.getUint8(at), 0xff)
    case 1:
      return orInvalid(view.getInt8(at), 0x7f)
    case 3:
      return orInvalid(view.getInt16(at, little), 0x7fff)
    case 4:
      return orInvalid(view.getUint16(at, little), 0xffff)
    case 5:
      return orInvalid(view.getInt32(at, little), 0x7fffffff)
    case 6:
      return orInvalid(view.getUint32(at, little), 0xffffffff)
    case 8:
      return view.getFloat32(at, little)
    case 9:
      return view.getFloat64(at, little)
    case 10:
      return orInvalid(view.getUint8(at), 0)
    case 11:
      return orInvalid(view.getUint16(at, little), 0)
    case 12:
      return orInvalid(view.getUint32(at, little), 0)
    case 14:
      return orInvalidLong(view.getBigInt64(at, little), 0x7fffffffffffffffn)
    case 15:
      return orInvalidLong(view.getBigUint64(at, little), 0xffffffffffffffffn)
    case 16:
      return orInvalidLong(view.getBigUint64(at, little), 0n)
    default:
      return Number.NaN
  }
}

function orInvalid(value: number, invalid: number): number {
  return value === invalid ? Number.NaN : value
}

function orInvalidLong(value: bigint, invalid: bigint): number {
  return value === invalid ? Number.NaN : Number(value)
}

/** UTF-8 up to the first zero: devices leave old bytes behind it. Broken sequences become U+FFFD. */
export function readText(view: DataView, at: number, size: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, size)
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trim()
}
