import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import type { Losses } from '../losses.ts'
import { FormatError } from '../parsed-file.ts'

const longestRow = 1_000_000
const columnsKept = 500

/** One row with its header's names in lower case. What the header lacks or the file writes as `null` is undefined. */
export interface CsvRow {
  index: number
  get(column: string): string | undefined
  /** Header and row, as a file of its own. */
  raw(): string
}

export interface CsvOptions {
  /** For people, and for the names of what is left unused. */
  name: string
  /** What the reader asks for; all other columns are counted as unused. */
  columns: ReadonlySet<string>
  losses: Losses
  /** A title in another language to the one the reader asks for. */
  rename?: (title: string) => string
}

/** A table's rows, one by one. What breaks off or is no table is thrown after the rows before it. */
export async function* csvRows(
  chunks: AsyncIterable<Uint8Array>,
  { name, columns, losses, rename = (title) => title }: CsvOptions,
): AsyncGenerator<CsvRow> {
  let header: string[] | undefined
  let places = new Map<string, number>()
  let index = 0
  for await (const cells of records(chunks, name)) {
    if (!header) {
      header = cells.slice(0, columnsKept)
      places = new Map(header.map((title, place) => [rename(plainTitle(title)), place]))
      for (const title of places.keys()) if (title && !columns.has(title)) losses.leaveUnused(`${name} column ${title}`)
      continue
    }
    const titles = header
    yield {
      index: index++,
      get: (column) => textOfCell(cells[places.get(column) ?? -1]),
      raw: () => `${titles.map(quoted).join(',')}\n${cells.map(quoted).join(',')}`,
    }
  }
}

async function* records(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string[]> {
  const source = Readable.from(chunks)
  const parser = parse({
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  })
  source.on('error', (error) => parser.destroy(error))
  try {
    for await (const cells of source.pipe(parser)) yield cells as string[]
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_'))) throw error
    throw new FormatError('csv_broken', `${name} cannot be read as a table: ${error.message.slice(0, 200)}`, error)
  } finally {
    source.destroy()
    parser.destroy()
  }
}

function plainTitle(title: string): string {
  return title.trim().toLowerCase()
}

function textOfCell(cell: string | undefined): string | undefined {
  const text = cell?.trim()
  return text === undefined || text === '' || text === 'null' ? undefined : text
}

function quoted(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
