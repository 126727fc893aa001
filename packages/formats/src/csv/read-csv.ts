import { FormatError } from '../parsed-file.ts'
import type { FileInput, Piece, Pieces, ReadOptions } from '../piece.ts'
import { PieceBuilder } from '../piece-builder.ts'
import { type CsvMap, columnNames, isHeader } from './mapping.ts'
import { csvRows } from './rows.ts'
import { Table } from './table.ts'

/** A table, as a mapping says. What a row could not give is refused with the header and the row, so that it can be tried again. */
export async function* readCsv(input: FileInput, map: CsvMap): Pieces {
  const pieces = new PieceBuilder()
  const { losses } = pieces
  const rows = csvRows(pieces.counted(input.chunks()), map.delimiter, (detail) => losses.warn('encoding_wrong', detail))
  let table: Table | undefined
  let place = 0
  try {
    for await (const batch of rows) {
      for (const row of batch) {
        place++
        if (!table) {
          table = new Table(columnsOf(row, map), map, input, pieces)
          if (isHeader(row)) continue
        }
        table.read(row, place)
        pieces.records++
      }
      yield* pieces.ready()
    }
  } catch (error) {
    // What came before an unreadable row is good.
    if (!(error instanceof FormatError) || !pieces.records) throw error
    losses.warn(error.code, `after row ${place}: ${error.detail}`)
  }
  if (!table) throw new FormatError('empty', 'the table has no rows')
  yield* pieces.rest()
  table.nameUnused(pieces.records)
  return pieces.ending('csv')
}

/** A row that was refused, tried again: its header and itself, as `raw` has them. At most one piece of series and one of rows. */
export async function replayCsv(raw: string, map: CsvMap, options: ReadOptions): Promise<Piece[]> {
  const pieces = new PieceBuilder()
  const rows: string[][] = []
  for await (const batch of csvRows(onePiece(raw), map.delimiter, () => undefined)) rows.push(...batch)
  const [header, row] = rows
  if (!header || !row) throw new FormatError('raw_broken', 'the record does not hold a header and a row')
  const table = new Table(columnNames(header), map, options, pieces)
  table.read(row, 0)
  return [...pieces.rest()]
}

async function* onePiece(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

function columnsOf(first: string[], map: CsvMap): string[] {
  return columnNames(isHeader(first) ? first : first.map(() => '')).map((name, i) =>
    isHeader(first) ? name : (map.columns?.[i] ?? name),
  )
}
