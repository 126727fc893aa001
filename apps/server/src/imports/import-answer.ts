import type { AnswerOf, routes } from '@tributary/protocol'
import type { ImportFileRow, ImportRow } from './imports.queries.ts'

type Import = AnswerOf<(typeof routes)['getImport']>

export function importAnswer(row: ImportRow, files: readonly ImportFileRow[], now: number): Import {
  const bytes = sum(files, (file) => file.bytes_read)
  return {
    import_id: row.import_id,
    user_id: row.user_id,
    status: row.status,
    bytes,
    bytes_total: row.bytes_total,
    records: sum(files, (file) => file.records),
    eta_seconds: secondsLeft(row, bytes, now),
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    files: files.map(({ import_id, bytes_read, ...file }) => file),
  }
}

/** As fast as until now. Null before there is a now to go by, and once there is nothing left. */
export function secondsLeft({ status, started_at, bytes_total }: ImportRow, bytes: number, now: number): number | null {
  if (status !== 'reading' || !started_at || bytes === 0) return null
  const spent = Math.max(0, now - started_at.getTime()) / 1_000
  return Math.ceil((spent * (bytes_total - bytes)) / bytes)
}

const sum = (files: readonly ImportFileRow[], of: (file: ImportFileRow) => number) =>
  files.reduce((total, file) => total + of(file), 0)
