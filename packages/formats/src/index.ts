/** Files of recorded activities to readings: bytes in, plain values out. */

export { guessMapping } from './csv/guess-mapping.ts'
export { type CsvGuess, type CsvMap, headerKey } from './csv/mapping.ts'
export { readCsv, replayCsv } from './csv/read-csv.ts'
export { type SniffedCsv, sniffCsv } from './csv/sniff-csv.ts'
export { formatLimits } from './limits.ts'
export { writeColumn, writeSteps } from './own-export/columns.ts'
export * from './own-export/layout.ts'
export { parseActivity } from './parse-activity.ts'
export {
  type ActivityFormat,
  FormatError,
  type Limits,
  type ParsedFile,
  type ParseOptions,
  type Unused,
  type Warning,
} from './parsed-file.ts'
export * from './piece.ts'
export { archiveReaders, fileReaders } from './readers.ts'
export { type Sniffed, sniff, sniffLength } from './sniff.ts'
export type { Bytes } from './source-bytes.ts'
export { capped, gunzipped } from './source-bytes.ts'
export { openZip } from './zip/open-zip.ts'
export type { RandomAccess } from './zip/reader.ts'
export { spool } from './zip/spool.ts'
