import type { AnswerOf, routes } from '@tributary/protocol'
import type { FileStatus, ImportFileRow, ImportRow } from './imports.queries.ts'

type Import = AnswerOf<(typeof routes)['getImport']>

/** Files that come with an import; the others are paged through. */
export const filesShown = 100

export function importAnswer(row: ImportRow, files: readonly ImportFileRow[], now: number): Import {
  const { import_id, user_id, status, bytes, bytes_total, records, samples, sessions, duplicates, rejected, deleted } =
    row
  return {
    import_id,
    user_id,
    status,
    bytes,
    bytes_total,
    records,
    eta_seconds: secondsLeft(row, now),
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
    files: files.map(fileAnswer),
    files_total: row.files_total,
    files_by_status: countFiles(row),
    samples,
    sessions,
    duplicates,
    rejected,
    deleted,
  }
}

export const fileAnswer = ({ import_id, ...file }: ImportFileRow): Import['files'][number] => file

function countFiles({ files_total, files_ended, files_reading }: ImportRow): Partial<Record<FileStatus, number>> {
  const ended = Object.values(files_ended).reduce((sum, n) => sum + n, 0)
  const queued = files_total - ended - files_reading
  return {
    ...files_ended,
    ...(files_reading > 0 && { reading: files_reading }),
    ...(queued > 0 && { queued }),
  }
}

type Progress = Pick<ImportRow, 'status' | 'bytes' | 'bytes_total' | 'resumed_at' | 'resumed_bytes'>

/** As fast as since its worker took it. Null before there is a now to go by, and once there is nothing left. */
export function secondsLeft(
  { status, bytes, bytes_total, resumed_at, resumed_bytes }: Progress,
  now: number,
): number | null {
  const read = bytes - resumed_bytes
  if (status !== 'reading' || !resumed_at || read <= 0) return null
  const spent = Math.max(0, now - resumed_at.getTime()) / 1_000
  return Math.ceil((spent * Math.max(0, bytes_total - bytes)) / read)
}
