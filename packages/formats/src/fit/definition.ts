import { readNumber, readText, sizeOfType } from './base-types.ts'

/** What a local message type means from here on, until it is defined anew. */
export interface Definition {
  global: number
  little: boolean
  /** Bytes of a data message after its header. */
  size: number
  fields: Field[]
  developer: DeveloperField[]
  /** Where field 253 lies as a uint32, or −1. */
  timeAt: number
}

export interface Field {
  num: number
  /** Offset inside the message. */
  at: number
  size: number
  /** Index of the base type; `raw` when the size does not fit the type. */
  type: number
}

export interface DeveloperField {
  num: number
  at: number
  size: number
  /** developer_data_index: which application. */
  application: number
}

/** Bytes without a type: they are kept apart and never read as a number. */
export const raw = -1
export const timestampField = 253

/** Bytes that a definition takes, from its record header on, or undefined while more must come. */
export function definitionLength(bytes: Uint8Array, at: number, end: number): number | undefined {
  if (at + 6 > end) return undefined
  const native = 6 + 3 * (bytes[at + 5] as number)
  if (!((bytes[at] as number) & 0x20)) return native
  if (at + native >= end) return undefined
  return native + 1 + 3 * (bytes[at + native] as number)
}

/** Reads a definition that lies whole at `at`. */
export function readDefinition(bytes: Uint8Array, at: number): Definition {
  const byte = (i: number) => bytes[at + i] as number
  const little = byte(2) === 0
  const global = little ? byte(3) | (byte(4) << 8) : (byte(3) << 8) | byte(4)
  const definition: Definition = { global, little, size: 0, fields: [], developer: [], timeAt: -1 }
  const count = byte(5)
  let next = 6
  for (let i = 0; i < count; i++, next += 3) {
    const size = byte(next + 1)
    const field = { num: byte(next), at: definition.size, size, type: typeOf(byte(next + 2), size) }
    if (field.num === timestampField && size === 4 && field.type !== raw) definition.timeAt = field.at
    definition.fields.push(field)
    definition.size += size
  }
  if (!(byte(0) & 0x20)) return definition
  const developers = byte(next++)
  for (let i = 0; i < developers; i++, next += 3) {
    const size = byte(next + 1)
    definition.developer.push({ num: byte(next), at: definition.size, size, application: byte(next + 2) })
    definition.size += size
  }
  return definition
}

function typeOf(id: number, size: number): number {
  const type = id & 0x1f
  const unit = sizeOfType(type)
  return unit === undefined || size === 0 || size % unit !== 0 ? raw : type
}

/** Field values of one message; invalid ones are absent, an array keeps NaN in the place of an invalid element. */
export class Message {
  readonly #values = new Map<number, number | string | number[]>()
  /** Seconds of the FIT epoch; NaN without. */
  readonly time: number

  constructor(definition: Definition, view: DataView, at: number, time: number) {
    this.time = time
    for (const field of definition.fields) {
      const value = readField(view, at + field.at, field, definition.little)
      if (value !== undefined) this.#values.set(field.num, value)
    }
  }

  /** Numbers of the fields that hold something. */
  get present(): number[] {
    return [...this.#values.keys()]
  }

  /** A number, divided by its scale. The first element where the writer made it an array. */
  number(num: number, scale = 1): number | undefined {
    const value = this.#values.get(num)
    const first = Array.isArray(value) ? value[0] : value
    return typeof first === 'number' && Number.isFinite(first) ? first / scale : undefined
  }

  numbers(num: number): number[] {
    const value = this.#values.get(num)
    if (typeof value === 'number') return [value]
    return Array.isArray(value) ? value : []
  }

  text(num: number): string | undefined {
    const value = this.#values.get(num)
    return typeof value === 'string' ? value : undefined
  }
}

function readField(view: DataView, at: number, { size, type }: Field, little: boolean) {
  if (type === raw) return undefined
  if (type === 7) return readText(view, at, size) || undefined
  const unit = sizeOfType(type) ?? size
  if (size === unit) {
    const value = readNumber(view, at, type, little)
    return Number.isNaN(value) ? undefined : value
  }
  const values = Array.from({ length: size / unit }, (_, i) => readNumber(view, at + i * unit, type, little))
  return values.every(Number.isNaN) ? undefined : values
}
