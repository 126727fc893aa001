import type { AnswerOf, routes } from '@tributary/protocol'
import { instantOrNull } from '../platform/instant.ts'
import type { ExportRow } from './exports.queries.ts'

export function exportAnswer(row: ExportRow): AnswerOf<(typeof routes)['getExport']> {
  const { content_hash: _, created_at, finished_at, expires_at, ...rest } = row
  return {
    ...rest,
    created_at: created_at.toISOString(),
    finished_at: instantOrNull(finished_at),
    expires_at: instantOrNull(expires_at),
  }
}
