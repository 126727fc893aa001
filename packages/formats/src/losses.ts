import type { Rejection } from '@tributary/protocol'
import type { Unused, Warning } from './parsed-file.ts'

const listed = 100
const namesKept = 200

/** Counts everything that a file loses on its way, and keeps enough of it to explain. */
export class Losses {
  readonly rejected: Rejection[] = []
  readonly rejectedByCode: Record<string, number> = {}
  readonly #warnings = new Map<string, string>()
  readonly #unused = new Map<string, Unused>()

  reject(index: number, code: string, detail: string): void {
    this.rejectedByCode[code] = (this.rejectedByCode[code] ?? 0) + 1
    if (this.rejected.length < listed) this.rejected.push({ index, code, detail })
  }

  /** The first detail of a code stays: it is where the trouble began. */
  warn(code: string, detail: string): void {
    if (!this.#warnings.has(code)) this.#warnings.set(code, detail)
  }

  leaveUnused(name: string, count = 1, reason?: string): void {
    const called = this.#unused.has(name) || this.#unused.size < namesKept ? name : 'more'
    const known = this.#unused.get(called)
    if (known) known.count += count
    else this.#unused.set(called, { name: called, count, ...(reason !== undefined && { reason }) })
  }

  get warnings(): Warning[] {
    return Array.from(this.#warnings, ([code, detail]) => ({ code, detail }))
  }

  get unused(): Unused[] {
    return Array.from(this.#unused.values(), (one) => ({ ...one }))
  }
}
