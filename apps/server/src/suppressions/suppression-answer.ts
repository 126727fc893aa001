import { instantOf, instantOrNull } from '../platform/instant.ts'
import type { SuppressionRow } from './suppressions.queries.ts'

export const suppressionAnswer = (row: SuppressionRow) => ({
  suppression_id: row.suppression_id,
  source_id: row.source_id,
  source_name: row.source_name,
  metric: row.metric,
  external_id: row.external_id,
  title: row.title,
  start_time: instantOrNull(row.start_at),
  end_time: instantOrNull(row.end_at),
  suppressed: row.suppressed,
  created_at: instantOf(row.created_at),
})
