import { parse } from 'csv-parse/sync'
import { readClock } from '../clock-text.ts'
import { sniff } from '../sniff.ts'
import { textOf } from './head-text.ts'
import { columnNames, type Delimiter, delimiters, isHeader, mostColumns } from './mapping.ts'
import { isEmptyCell, readCell } from './numbers.ts'
import { parserOptions } from './rows.ts'

export interface SniffedCsv {
  delimiter: Delimiter
  columns: string[]
  /** The first rows below the header, as wide as it. */
  rows: string[][]
}

const shownRows = 50
/** Of the rows, at least as many have the width of most of them: prose has not. */
const evenShare = 0.8

/** A table by its first bytes, and how it looks; undefined for everything that is something else, or no table of measurements. */
export function sniffCsv(head: Uint8Array): SniffedCsv | undefined {
  if (head.length === 0 || sniff(head)) return undefined
  const text = textOf(head)
  if (text === undefined) return undefined
  const tables = delimiters.flatMap((delimiter) => tableOf(text, delimiter) ?? [])
  return tables
    .sort((a, b) => b.even - a.even || b.columns.length - a.columns.length)
    .map(({ even: _, ...table }) => table)[0]
}

function tableOf(text: string, delimiter: Delimiter): (SniffedCsv & { even: number }) | undefined {
  const hinted = text.replace(/^sep=.\r?\n/i, '')
  if (!hinted.includes(delimiter)) return undefined
  const all = rowsOf(hinted, delimiter)
  const first = all[0]
  const width = first?.length ?? 0
  if (!first || width < 2 || width > mostColumns) return undefined
  const header = isHeader(first)
  const columns = columnNames(header ? first : first.map(() => ''))
  const below = header ? all.slice(1) : all
  const even = below.filter((row) => row.length === width).length / below.length
  if (!below.length || even < evenShare || !below.some(holdsMeasurement)) return undefined
  const rows = below.slice(0, shownRows).map((row) => columns.map((_, i) => row[i] ?? ''))
  return { delimiter, columns, rows, even }
}

/** Rows of a text that may break off in the middle of one. */
function rowsOf(text: string, delimiter: Delimiter): string[][] {
  const lastLine = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
  const isWhole = lastLine >= text.trimEnd().length || lastLine < 0
  const whole = isWhole ? text : text.slice(0, lastLine + 1)
  try {
    return parse(whole, { ...parserOptions(delimiter), to: shownRows + 1 }) as unknown as string[][]
  } catch {
    return [] // an unclosed quote: with this delimiter it is no table
  }
}

/** A row of measurements has a number or a date in it that is a cell by itself. */
function holdsMeasurement(row: string[]): boolean {
  return row.some(
    (cell) =>
      !isEmptyCell(cell) &&
      (isNumber(cell) || readClock(cell, 'ymd') !== undefined || readClock(cell, 'dmy') !== undefined),
  )
}

function isNumber(cell: string): boolean {
  return readCell(cell, '.')?.unit === '' || readCell(cell, ',')?.unit === ''
}
