/** Health files as watches, scales and cuffs write them, for tests and the demonstration. Field numbers as in the profile. */
import { base } from '../base-types.ts'
import { type FieldShape, FitWriter, fitSeconds } from '../write.ts'

type Fields = Readonly<Record<number, number | readonly number[]>>

// biome-ignore format: a table.
const types: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  3: { 4: base.uint16 },
  21: { 253: base.uint32, 0: base.enum, 1: base.enum },
  26: { 4: base.enum, 6: base.uint16 },
  30: {
    253: base.uint32,
    0: base.uint16,
    1: base.uint16,
    2: base.uint16,
    3: base.uint16,
    4: base.uint16,
    5: base.uint16,
    7: base.uint16,
    8: base.uint8,
    9: base.uint16,
    10: base.uint8,
    11: base.uint8,
    12: base.uint16,
    13: base.uint16,
  },
  51: {
    253: base.uint32,
    0: base.uint16,
    1: base.uint16,
    2: base.uint16,
    3: base.uint16,
    4: base.uint16,
    5: base.uint16,
    6: base.uint8,
    7: base.enum,
    8: base.enum,
    9: base.uint16,
  },
  55: {
    253: base.uint32,
    0: base.uint8,
    1: base.uint16,
    2: base.uint32,
    3: base.uint32,
    4: base.uint32,
    5: base.enum,
    6: base.enum,
    7: base.enum,
    8: base.uint16,
    9: base.uint16,
    10: base.uint16,
    11: base.uint32,
    12: base.sint16,
    14: base.sint16,
    15: base.sint16,
    16: base.uint16,
    19: base.uint16,
    24: base.byte,
    25: base.uint8,
    26: base.uint16,
    27: base.uint8,
    28: base.uint8,
    29: base.uint16,
    30: base.uint32,
    31: base.uint32,
    32: base.uint32,
    33: base.uint16,
    34: base.uint16,
    41: base.uint32,
  },
  103: { 253: base.uint32, 0: base.uint32, 1: base.enum, 3: base.uint16, 4: base.uint16, 5: base.uint16 },
  211: { 253: base.uint32, 0: base.uint8, 1: base.uint8 },
  227: { 0: base.sint16, 1: base.uint32 },
  229: {
    0: base.uint32,
    2: base.uint16,
    5: base.enum,
    6: base.enum,
    8: base.enum,
    9: base.enum,
    12: base.enum,
    13: base.enum,
  },
  269: { 253: base.uint32, 0: base.uint8, 1: base.uint8, 2: base.enum },
  275: { 253: base.uint32, 0: base.enum },
  290: { 253: base.uint32, 0: base.uint16, 1: base.uint16 },
  297: { 253: base.uint32, 0: base.sint16 },
  346: {
    253: base.uint32,
    0: base.uint8,
    1: base.uint8,
    2: base.uint8,
    3: base.uint8,
    4: base.uint8,
    5: base.uint8,
    6: base.uint8,
    7: base.uint8,
    8: base.uint8,
    9: base.uint8,
    10: base.uint8,
    11: base.uint8,
    14: base.uint8,
    15: base.uint16,
  },
  370: {
    253: base.uint32,
    0: base.uint16,
    1: base.uint16,
    2: base.uint16,
    3: base.uint16,
    4: base.uint16,
    5: base.uint16,
    6: base.enum,
  },
  371: { 253: base.uint32, 0: base.uint16 },
  372: { 253: base.uint32, 0: base.uint16, 1: base.uint16 },
  398: { 253: base.uint32, 0: base.uint32, 1: base.float32, 2: base.float32, 4: base.float32 },
  412: {
    253: base.uint32,
    0: base.uint32,
    1: base.sint16,
    2: base.uint32,
    3: base.sint16,
    4: base.enum,
    5: base.enum,
    6: base.enum,
    7: base.uint32,
  },
}

export class HealthFile {
  readonly #fit = new FitWriter()

  /** `type`: of file_id; `created` in milliseconds since 1970. */
  constructor(
    type: number,
    created: number,
    [manufacturer, product, serial]: readonly [number, number, number] = [1, 3121, 3_345_678_901],
  ) {
    this.#fit
      .define(0, 0, [
        [0, base.enum],
        [1, base.uint16],
        [2, base.uint16],
        [3, base.uint32z],
        [4, base.uint32],
      ])
      .message(0, [type, manufacturer, product, serial, fitSeconds(created)])
  }

  /** One message with just these fields, raw. */
  add(global: number, fields: Fields): this {
    const shape = Object.entries(fields).map(([num, value]): FieldShape => {
      const type = types[global]?.[Number(num)]
      if (type === undefined) throw new Error(`message ${global} has no field ${num} here`)
      return [Number(num), type, typeof value === 'number' ? 1 : value.length]
    })
    this.#fit.define(1, global, shape).message(1, Object.values(fields))
    return this
  }

  finish(): Uint8Array {
    return this.#fit.finish()
  }
}
