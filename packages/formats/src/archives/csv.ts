import { csvRows } from '../csv/rows.ts'
import type { ArchiveEntry } from '../piece.ts'
import type { Gatherer } from './gatherer.ts'
import { keptRecord } from './kept-record.ts'

/** One row with its header's names in lower case. What the header lacks or the file writes as `null` is undefined. */
export interface CsvRow {
  get(column: string): string | undefined
  /** Header and row, as a file of its own. */
  raw(): string
}

export interface CsvOptions {
  /** For people, and for the names of what is left unused. */
  name: string
  /** What the reader asks for; all other columns are counted as unused. */
  columns: ReadonlySet<string>
  /** A title in another language to the one the reader asks for. */
  rename?: (title: string) => string
  /** What else must be known to read a row again that was refused. */
  where?: object
}

/**
 * The rows of an export's table by the names of its columns, each at hand while it is read. What breaks off or is no table is thrown
 * after the rows before it.
 */
export async function* namedRows(
  { path, chunks }: ArchiveEntry,
  gather: Gatherer,
  options: CsvOptions,
): AsyncGenerator<CsvRow> {
  try {
    for await (const row of rowsOf(gather.counted(chunks()), gather, options)) {
      gather.records++
      gather.at(() => keptRecord({ path, ...options.where }, row.raw()))
      yield row
    }
  } finally {
    gather.at(undefined)
  }
}

async function* rowsOf(
  chunks: AsyncIterable<Uint8Array>,
  { losses }: Gatherer,
  { name, columns, rename = (title) => title }: CsvOptions,
): AsyncGenerator<CsvRow> {
  let header: string[] | undefined
  let places = new Map<string, number>()
  const mislabelled = (detail: string) => losses.warn('encoding_wrong', `${name}: ${detail}`)
  for await (const rows of csvRows(chunks, ',', mislabelled)) {
    for (const cells of rows) {
      if (!header) {
        header = cells
        places = new Map(header.map((title, place) => [rename(plainTitle(title)), place]))
        for (const title of places.keys())
          if (title && !columns.has(title)) losses.leaveUnused(`${name} column ${title}`)
        continue
      }
      const titles = header
      yield {
        get: (column) => textOfCell(cells[places.get(column) ?? -1]),
        raw: () => `${titles.map(quoted).join(',')}\n${cells.map(quoted).join(',')}`,
      }
    }
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
