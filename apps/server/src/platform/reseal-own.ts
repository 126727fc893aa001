/** What a former ENCRYPTION_KEY sealed for the installation itself, and not for one of its people. */
import { SealError } from './seal-record.ts'
import type { Sealing } from './sealing.ts'

/** The sealed columns of one row. */
type Sealed<Column extends string> = Record<Column, string | null>

interface OwnTable<Column extends string, Row extends Sealed<Column>> {
  columns: readonly Column[]
  rows: readonly Row[]
  placeOf(row: Row, column: Column): readonly string[]
  /** Over what was read and nothing else. */
  put(row: Row, sealed: Pick<Row, Column>): Promise<void>
}

export interface Resealed {
  rows: number
  /** Where something stands that no key opens that is given. */
  lost: string[]
}

/** Seals it with today's key. What does not open stays as it is and is named, and holds up nothing else. */
export async function resealOwn<Column extends string, Row extends Sealed<Column>>(
  sealing: Pick<Sealing, 'sealOwn' | 'openOwn' | 'isCurrent'>,
  { columns, rows, placeOf, put }: OwnTable<Column, Row>,
): Promise<Resealed> {
  const lost: string[] = []
  let changed = 0
  for (const row of rows) {
    const again = columns.map((column) => {
      const record = row[column]
      if (record === null || sealing.isCurrent(record)) return record
      const place = placeOf(row, column)
      try {
        return sealing.sealOwn(place, sealing.openOwn(place, record))
      } catch (error) {
        if (!(error instanceof SealError)) throw error
        lost.push(place.join(' '))
        return record
      }
    })
    if (again.every((record, at) => record === row[columns[at] as Column])) continue
    await put(row, Object.fromEntries(columns.map((column, at) => [column, again[at]])) as Pick<Row, Column>)
    changed++
  }
  return { rows: changed, lost }
}
