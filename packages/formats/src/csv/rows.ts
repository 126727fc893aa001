import { finished } from 'node:stream/promises'
import { CsvError, type Options, parse } from 'csv-parse'
import { FormatError } from '../parsed-file.ts'
import { textChunks } from '../xml/text-chunks.ts'
import { type Delimiter, longestRow, mostColumns } from './mapping.ts'

/** Writers quote badly, leave cells out and end files without a line end: none of it is a reason to give up. */
export function parserOptions(delimiter: Delimiter): Options {
  return {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  }
}

/**
 * The rows of a table in any encoding, as many at a time as a chunk held: one by one through a stream they would take five times
 * as long. `sep=;`, which spreadsheets put on top, is no row. Rows before a fault are handed over, then it is thrown.
 * @throws FormatError
 */
export async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: Delimiter,
  mislabelled: (detail: string) => void,
): AsyncGenerator<string[][]> {
  const found = new Rows()
  const parser = parse({
    ...parserOptions(delimiter),
    on_record: (row) => found.add(row as unknown as string[]),
  } as Options)
  parser.on('error', (error) => found.fail(asFormatError(error)))
  parser.resume()
  try {
    for await (const text of guarded(textChunks(chunks, mislabelled))) {
      await new Promise<void>((resolve) => parser.write(text, () => resolve()))
      yield* found.take()
    }
    parser.end()
    await finished(parser).catch(() => undefined) // `error` has said it
    yield* found.take()
  } finally {
    parser.destroy()
  }
}

/** What the parser gave since the last time. */
class Rows {
  #rows: string[][] = []
  #fault: Error | undefined
  #isFirst = true

  add(row: string[]): void {
    if (this.#fault) return
    if (row.length > mostColumns) {
      this.#fault = new FormatError('csv_columns_many', `a row has ${row.length} columns, more than ${mostColumns}`)
    } else if (!this.#isFirst || !/^sep=/i.test(row[0] ?? '')) this.#rows.push(row)
    this.#isFirst = false
  }

  fail(fault: Error): void {
    this.#fault ??= fault
  }

  *take(): Generator<string[][]> {
    const rows = this.#rows
    this.#rows = []
    if (rows.length) yield rows
    if (this.#fault) throw this.#fault
  }
}

/** A line of nothing but delimiters has no length that the parser would count. */
async function* guarded(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let sinceLine = 0
  for await (const text of texts) {
    const last = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
    const first = text.search(/[\r\n]/)
    if (sinceLine + (first < 0 ? text.length : first) > longestRow) throw tooLong()
    sinceLine = last < 0 ? sinceLine + text.length : text.length - last - 1
    yield text
  }
}

function asFormatError(error: Error): Error {
  if (!(error instanceof CsvError)) return error
  if (error.code === 'CSV_MAX_RECORD_SIZE') return tooLong()
  return new FormatError('csv_broken', `the table cannot be read on: ${error.message}`, error)
}

function tooLong(): FormatError {
  return new FormatError('csv_row_too_long', `a single row is longer than ${longestRow} characters`)
}
