/** Records that a reader could not use, as they wait in quarantine, and how many of a file may. */
import type { PieceSource, Unusable } from '@tributary/formats'
import { uuidv7 } from 'uuidv7'
import type { NewRecord } from '../platform/quarantine/quarantine.queries.ts'
import { cleanText } from '../platform/readings/clean-text.ts'

/** Of one file. The others are counted and said. */
export const mostQuarantined = 1_000

/** How many more records of a file may be kept. */
export class QuarantineRoom {
  #kept: number
  overflow = 0

  constructor(kept: number) {
    this.#kept = kept
  }

  /** `of`: how many there are, when `records` are only the first of them. */
  take<T>(records: readonly T[], of = records.length): T[] {
    const some = records.slice(0, Math.max(0, mostQuarantined - this.#kept))
    this.#kept += some.length
    this.overflow += of - some.length
    return some
  }
}

export function recordOfUnusable({ index, code, detail, raw }: Unusable, source: PieceSource): NewRecord {
  return cleanText({
    record_id: uuidv7(),
    kind: 'record',
    source_id: null,
    source,
    place: index,
    code,
    detail,
    raw: raw.slice(0, 8_000),
  })
}
