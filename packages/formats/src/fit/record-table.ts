import { Floats } from '../columns.ts'
import { readNumber } from './base-types.ts'
import { type Budget, spend } from './budget.ts'
import type { MessageReader } from './decoder.ts'
import { type Definition, raw, timestampField } from './definition.ts'
import { type FieldDescriptions, noKey } from './field-descriptions.ts'
import {
  compressedSpeedDistance,
  isUsedField,
  recordFieldName,
  unpackedDistance,
  unpackedSpeed,
} from './record-fields.ts'

/** Values of one field with the rows they are in: a field that few records have costs little. */
export class FieldColumn {
  readonly rows = new Floats()
  readonly values = new Floats()

  push(row: number, value: number): void {
    this.rows.push(row)
    this.values.push(value)
  }
}

/** How to take one field out of the message: compiled once for each definition. */
interface Step {
  at: number
  type: number
  column: FieldColumn
}

/** All records of one part, in raw numbers and in the order of the file. */
export class RecordTable {
  /** FIT seconds of each row; NaN without. */
  readonly times = new Floats()
  readonly #columns = new Map<number, FieldColumn>()
  readonly #unused: { name: string; rows: { count: number } }[] = []
  readonly #budget: Budget
  #rolled = 0
  #rolling = Number.NaN

  constructor(budget: Budget) {
    this.#budget = budget
  }

  get length(): number {
    return this.times.length
  }

  column(key: number): FieldColumn | undefined {
    return this.#columns.get(key)
  }

  get unused(): { name: string; count: number }[] {
    return this.#unused.map(({ name, rows }) => ({ name, count: rows.count }))
  }

  compile(definition: Definition, descriptions: FieldDescriptions): MessageReader {
    const rows = { count: 0 }
    const { steps, packedAt } = this.#plan(definition, descriptions, rows)
    const { little } = definition
    return (view, at, time) => {
      const row = this.times.length
      spend(this.#budget, 'records')
      spend(this.#budget, 'values', steps.length)
      this.times.push(time)
      rows.count++
      for (const step of steps) {
        const value = readNumber(view, at + step.at, step.type, little)
        if (!Number.isNaN(value)) step.column.push(row, value)
      }
      if (packedAt >= 0) this.#unpack(view, at + packedAt, row)
    }
  }

  #plan(definition: Definition, descriptions: FieldDescriptions, rows: { count: number }) {
    const steps: Step[] = []
    let packedAt = -1
    const leave = (name: string) => {
      if (this.#unused.length < 1000) this.#unused.push({ name: `record ${name}`, rows })
    }
    for (const { num, at, size, type } of definition.fields) {
      if (num === timestampField) continue
      if (num === compressedSpeedDistance && size === 3) packedAt = at
      else if (isUsedField(num) && type !== raw) steps.push({ at, type, column: this.#columnFor(num) })
      else leave(recordFieldName(num))
    }
    for (const field of definition.developer) {
      const known = descriptions.find(field)
      if (known && known.key !== noKey && known.size === field.size) {
        steps.push({ at: field.at, type: known.type, column: this.#columnFor(known.key) })
      } else leave(known ? `developer field ${known.name}` : `developer field ${field.application}/${field.num}`)
    }
    return { steps, packedAt }
  }

  #columnFor(key: number): FieldColumn {
    let column = this.#columns.get(key)
    if (!column) {
      column = new FieldColumn()
      this.#columns.set(key, column)
    }
    return column
  }

  /** Three bytes: 12 bits of speed, then 12 bits of a distance that rolls over at 256 m. */
  #unpack(view: DataView, at: number, row: number): void {
    const [a, b, c] = [view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2)]
    if (a === 0xff && b === 0xff && c === 0xff) return
    this.#columnFor(unpackedSpeed).push(row, a | ((b & 15) << 8))
    const distance = (b >> 4) | (c << 4)
    if (!Number.isNaN(this.#rolling)) this.#rolled += (distance - this.#rolling) & 0xfff
    this.#rolling = distance
    this.#columnFor(unpackedDistance).push(row, this.#rolled)
  }
}
