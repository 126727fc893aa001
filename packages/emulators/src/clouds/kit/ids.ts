/** Ids and tokens that look random and come out the same for the same seed. */
import { createHash } from 'node:crypto'

export class Ids {
  readonly #seed: string
  #drawn = 0

  constructor(seed: number, brand: string) {
    this.#seed = `${seed}/${brand}`
  }

  /** The same names, the same id. At most 64 digits. */
  hex(length: number, ...names: readonly (string | number)[]): string {
    return this.#hash(names).toString('hex').slice(0, length)
  }

  uuid(...names: readonly (string | number)[]): string {
    const h = this.hex(32, ...names)
    const variant = ((Number.parseInt(h.slice(16, 17), 16) & 3) | 8).toString(16)
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`
  }

  /** Of so many decimal digits, at most 15: a number of JSON without loss. */
  integer(digits: number, ...names: readonly (string | number)[]): number {
    const least = 10 ** (digits - 1)
    return least + (Number.parseInt(this.hex(13, ...names), 16) % (9 * least))
  }

  /** A new one each time: tokens, codes, secrets. */
  draw(kind: string, length = 40): string {
    return this.hex(length, 'drawn', kind, ++this.#drawn)
  }

  #hash(names: readonly (string | number)[]): Buffer {
    return createHash('sha256')
      .update([this.#seed, ...names].join('/'))
      .digest()
  }
}
