import type { AnswerOf, routes } from '@tributary/protocol'
import type { QuarantineRow } from '../platform/quarantine/quarantine.queries.ts'

type Quarantined = AnswerOf<(typeof routes)['listQuarantine']>['items'][number]

export const quarantineAnswer = (row: QuarantineRow): Quarantined => ({
  record_id: row.record_id,
  import_id: row.import_id,
  file_name: row.file_name,
  format: row.format,
  place: row.place,
  code: row.code,
  detail: row.detail,
  raw: row.raw,
  created_at: row.created_at.toISOString(),
  connection_id: row.connection_id,
  feed: row.feed,
})
