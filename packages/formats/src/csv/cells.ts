/** Cells of a table as the reader reads them, for whoever shows beforehand how a table will be read. Runs in browsers. */
export type { CsvMap } from './mapping.ts'
export { isEmptyCell, readCell } from './numbers.ts'
export { TimeReader } from './times.ts'
