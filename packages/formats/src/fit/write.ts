import { base } from './base-types.ts'
import { crc16 } from './crc.ts'

/** [field number, base type, elements or bytes]; one element when left out. */
export type FieldShape = readonly [num: number, type: number, count?: number]
export type FieldValue = number | bigint | string | readonly number[]

export interface DeveloperShape {
  num: number
  size: number
  application: number
  type: number
}

interface Shape {
  fields: readonly FieldShape[]
  developer: readonly DeveloperShape[]
  big: boolean
}

const sizes = [1, 1, 1, 2, 2, 4, 4, 1, 4, 8, 1, 2, 4, 1, 8, 8, 8]
/** Ids as written: types of more than one byte carry bit 7. */
const typeId = (type: number) => ((sizes[type] as number) > 1 ? type | 0x80 : type)

export interface FitFileOptions {
  headerSize?: 12 | 14
  /** What the header claims; the truth when absent. */
  dataSize?: number
  /** What the end claims; the truth when absent. */
  crc?: number
  protocol?: number
}

/** Writes FIT: for tests, benchmarks and the demonstration; it can also write what no honest device would. */
export class FitWriter {
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  readonly #shapes = new Map<number, Shape>()

  define(
    local: number,
    global: number,
    fields: readonly FieldShape[],
    developer: readonly DeveloperShape[] = [],
    big = false,
  ): this {
    this.#shapes.set(local, { fields, developer, big })
    this.byte(0x40 | local | (developer.length ? 0x20 : 0))
      .byte(0)
      .byte(big ? 1 : 0)
    this.#number(base.uint16, global, big)
    this.byte(fields.length)
    for (const [num, type, count = 1] of fields)
      this.byte(num)
        .byte(count * (sizes[type] as number))
        .byte(typeId(type))
    if (!developer.length) return this
    this.byte(developer.length)
    for (const { num, size, application } of developer) this.byte(num).byte(size).byte(application)
    return this
  }

  /** Values in the order of the definition, developer fields last; raw, as they lie in the file. */
  message(local: number, values: readonly FieldValue[]): this {
    this.byte(local)
    return this.#values(local, values)
  }

  /** With a compressed time: the low five bits of it. */
  compressed(local: number, seconds: number, values: readonly FieldValue[]): this {
    this.byte(0x80 | (local << 5) | (seconds & 31))
    return this.#values(local, values)
  }

  byte(value: number): this {
    this.#room(1)
    this.#bytes[this.#length++] = value
    return this
  }

  /** The file: header, messages, checksum. */
  finish(options: FitFileOptions = {}): Uint8Array {
    const { headerSize = 14, dataSize = this.#length, protocol = 0x20 } = options
    const file = new Uint8Array(headerSize + this.#length + 2)
    const view = new DataView(file.buffer)
    file.set([headerSize, protocol, 0xdc, 0x52])
    view.setUint32(4, dataSize, true)
    file.set([0x2e, 0x46, 0x49, 0x54], 8)
    if (headerSize === 14) view.setUint16(12, crc16(file, 0, 12), true)
    file.set(this.#bytes.subarray(0, this.#length), headerSize)
    view.setUint16(file.length - 2, options.crc ?? crc16(file, 0, file.length - 2), true)
    return file
  }

  #values(local: number, values: readonly FieldValue[]): this {
    const shape = this.#shapes.get(local)
    if (!shape) throw new Error(`local message ${local} is not defined`)
    for (const [i, [, type, count = 1]] of shape.fields.entries()) this.#value(type, count, values[i] ?? 0, shape.big)
    for (const [i, { type, size }] of shape.developer.entries()) {
      this.#value(type, size / (sizes[type] as number), values[shape.fields.length + i] ?? 0, shape.big)
    }
    return this
  }

  #value(type: number, count: number, value: FieldValue, big: boolean): void {
    if (typeof value === 'string') {
      const text = new Uint8Array(count)
      text.set(new TextEncoder().encode(value).subarray(0, count))
      for (const byte of text) this.byte(byte)
    } else if (typeof value === 'object') for (let i = 0; i < count; i++) this.#number(type, value[i] ?? 0, big)
    else for (let i = 0; i < count; i++) this.#number(type, value, big)
  }

  #number(type: number, value: number | bigint, big: boolean): void {
    const size = sizes[type] as number
    this.#room(size)
    const at = this.#length
    if (type === base.float32) this.#view.setFloat32(at, Number(value), !big)
    else if (type === base.float64) this.#view.setFloat64(at, Number(value), !big)
    else if (size === 8) this.#view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), !big)
    else if (size === 4) this.#view.setUint32(at, Number(value) >>> 0, !big)
    else if (size === 2) this.#view.setUint16(at, Number(value) & 0xffff, !big)
    else this.#view.setUint8(at, Number(value) & 0xff)
    this.#length += size
  }

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return
    const wider = new Uint8Array(this.#bytes.length * 2)
    wider.set(this.#bytes)
    this.#bytes = wider
    this.#view = new DataView(wider.buffer)
  }
}

const epochMs = 631_065_600_000

/** Milliseconds since 1970 to seconds of FIT's clock. */
export function fitSeconds(ms: number): number {
  return Math.floor((ms - epochMs) / 1000)
}

/** Degrees to FIT's unit of position. */
export function fitPlace(degrees: number): number {
  return Math.round((degrees * 2 ** 31) / 180)
}
