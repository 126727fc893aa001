import { tableOf } from '@tributary/protocol'
import type { Losses } from '../losses.ts'
import { sizeOfType } from './base-types.ts'
import type { DeveloperField, Message } from './definition.ts'
import { mesg } from './profile.ts'
import { isUsedField } from './record-fields.ts'

/** What an app on the device said about one of its own fields. */
export interface DeveloperColumn {
  /** Its key in the record table: the native field's for an override, a number of its own otherwise. */
  key: number
  name: string
  type: number
  size: number
  /** canonical = value ÷ scale − offset */
  scale: number
  offset: number
}

/** A developer field that stands in for native field n has this key: it never overwrites the native one. */
export function overrideKey(native: number): number {
  return 2000 + native
}

const ownKeys = 3000
/** Of fields beyond `mostOwn`: they are listed as unused. */
export const noKey = -1
const mostDescriptions = 512
const mostOwn = 16

/** Units in which pods state what natively is m/s, m, °C or one leg's cadence. Anything else is taken as the native unit. */
const unitFactors: Record<string, number> = tableOf({
  'km/h': 1 / 3.6,
  kmh: 1 / 3.6,
  kph: 1 / 3.6,
  mph: 0.44704,
  km: 1000,
  spm: 0.5,
})

/** Developer fields as they were described in this part of the file. */
export class FieldDescriptions {
  readonly #described = new Map<string, DeveloperColumn>()
  readonly #own = new Map<number, string>()
  readonly #losses: Losses

  constructor(losses: Losses) {
    this.#losses = losses
  }

  describe(message: Message): void {
    const application = message.number(0)
    const num = message.number(1)
    const id = message.number(2)
    if (application === undefined || num === undefined || id === undefined) return
    if (this.#described.size >= mostDescriptions) {
      this.#losses.warn(
        'developer_fields_many',
        `only the first ${mostDescriptions} descriptions of developer fields are used`,
      )
      return
    }
    const type = id & 0x1f
    const name = message.text(3) ?? `${application}/${num}`
    const native = nativeField(message)
    const unit = (message.text(8) ?? '').toLowerCase()
    const factor = native === undefined ? 1 : (unitFactors[unit] ?? 1)
    const scale = message.number(6) ?? 1
    this.#described.set(`${application}/${num}`, {
      key: native === undefined ? this.#ownKey(name) : overrideKey(native),
      name,
      type,
      size: type === 7 ? -1 : (sizeOfType(type) ?? -1),
      scale: (scale || 1) / factor,
      offset: (message.number(7) ?? 0) * factor,
    })
  }

  find(field: DeveloperField): DeveloperColumn | undefined {
    const known = this.#described.get(`${field.application}/${field.num}`)
    if (!known) {
      this.#losses.warn(
        'developer_field_undescribed',
        `field ${field.num} of app ${field.application} has no description`,
      )
    }
    return known
  }

  /** The last description of a key; a file that describes one field twice means the later. */
  byKey(key: number): DeveloperColumn | undefined {
    return [...this.#described.values()].findLast((column) => column.key === key)
  }

  /** Keys and stream names of fields that stand for nothing native. */
  get own(): [key: number, stream: string][] {
    return [...this.#own]
  }

  #ownKey(name: string): number {
    const word = name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '_')
      .replace(/^_+|_+$/g, '')
    const stream = `developer_${word.slice(0, 40) || 'field'}`
    for (const [key, known] of this.#own) if (known === stream) return key
    if (this.#own.size >= mostOwn) return noKey
    const key = ownKeys + this.#own.size
    this.#own.set(key, stream)
    return key
  }
}

/** A writer that omits the message means the record. */
function nativeField(message: Message): number | undefined {
  const field = message.number(15)
  if (field === undefined || (message.number(14) ?? mesg.record) !== mesg.record) return undefined
  return isUsedField(field) ? field : undefined
}
