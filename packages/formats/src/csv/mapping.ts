import type { imports } from '@tributary/protocol'

/** How a table is read, as people and programs say it (routes/imports.ts). */
type Stored = (typeof imports.CsvMapping)['_output']
export type CsvMap = Pick<Stored, 'delimiter' | 'time' | 'decimal' | 'values'> &
  Partial<Pick<Stored, 'columns' | 'source_name'>>
export type CsvGuess = Pick<Stored, 'time' | 'decimal' | 'values'>
export type Delimiter = Stored['delimiter']
export type TimeFormat = Stored['time']['format']

export const delimiters: readonly Delimiter[] = [',', ';', '\t', '|']

/** Tables have dozens of columns; a row of hundreds of thousands is a bomb. */
export const mostColumns = 1000
/** Characters of one row. */
export const longestRow = 1_000_000

/**
 * What a header is known by: its names in whatever order, case and spacing. A file whose header has the key of a mapping's
 * `columns` is read with that mapping.
 */
export function headerKey(columns: readonly string[]): string {
  return JSON.stringify(columns.map((name) => tidy(name).toLowerCase()).sort())
}

/** Names as a person reads them: without odd spaces, none empty, none twice. */
export function columnNames(header: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return header.map((cell, i) => {
    const name = tidy(cell).slice(0, 190) || `column ${i + 1}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} (${times})`
  })
}

function tidy(name: string): string {
  return name
    .normalize('NFC')
    .replace(/[\s\u00a0\u202f\uFEFF]+/g, ' ')
    .trim()
}

/** A first row of nothing but numbers and times is no header. */
export function isHeader(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim())
  return filled.length > 0 && !filled.every((cell) => /^[\s\d.,:;/+TZ-]+$/.test(cell))
}
