import { Readable } from 'node:stream'
import { CsvError, type Options, parse } from 'csv-parse'
import { FormatError } from '../parsed-file.ts'
import { textChunks } from '../xml/text-chunks.ts'
import { type Delimiter, longestRow, mostColumns } from './mapping.ts'

/** Writers quote badly, leave cells out and end files without a line end: none of it is a reason to give up. */
export function parserOptions(delimiter: Delimiter): Options {
  return {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  }
}

/** The rows of a table in any encoding, one by one. `sep=;`, which spreadsheets put on top, is no row. @throws FormatError */
export async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: Delimiter,
  mislabelled: (detail: string) => void,
): AsyncGenerator<string[]> {
  const source = Readable.from(guarded(textChunks(chunks, mislabelled)))
  const parser = parse(parserOptions(delimiter))
  source.on('error', (error) => parser.destroy(error))
  let isFirst = true
  try {
    for await (const row of source.pipe(parser) as AsyncIterable<string[]>) {
      const isHint = isFirst && /^sep=/i.test(row[0] ?? '')
      isFirst = false
      if (!isHint) yield withinColumns(row)
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw tooLong()
    throw new FormatError('csv_broken', `the table cannot be read on: ${error.message}`, error)
  } finally {
    source.destroy()
    parser.destroy()
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

function withinColumns(row: string[]): string[] {
  if (row.length > mostColumns)
    throw new FormatError('csv_columns_many', `a row has ${row.length} columns, more than ${mostColumns}`)
  return row
}

function tooLong(): FormatError {
  return new FormatError('csv_row_too_long', `a single row is longer than ${longestRow} characters`)
}
