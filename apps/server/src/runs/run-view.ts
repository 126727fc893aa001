/** A run in the words of documents 2 and 4. */
import type { devices } from '@tributary/protocol'
import type { z } from 'zod'
import { instantOf, instantOrNull } from '../platform/instant.ts'
import type { RunRow } from './runs.queries.ts'

export type SyncRun = z.input<typeof devices.SyncRun>

export function runOf(row: RunRow): SyncRun {
  const stored = row.records_inserted + row.records_updated
  return {
    sync_id: row.sync_id,
    user_id: row.user_id,
    device_id: row.device_id,
    provider: row.provider,
    sync_type:
      row.trigger === 'manual' || row.trigger === 'retry' ? 'manual' : row.trigger === 'bulk' ? 'bulk' : 'automatic',
    trigger: row.trigger as SyncRun['trigger'],
    status: row.status as SyncRun['status'],
    start_time: instantOf(row.started_at),
    end_time: instantOrNull(row.ended_at),
    duration_seconds: row.ended_at ? (row.ended_at.getTime() - row.started_at.getTime()) / 1000 : null,
    sync_date_from: instantOrNull(row.window_from),
    sync_date_to: instantOrNull(row.window_to),
    records_processed: stored + row.records_skipped + row.records_failed,
    records_synced: stored,
    records_failed: row.records_failed,
    records_fetched: row.records_fetched,
    records_inserted: row.records_inserted,
    records_updated: row.records_updated,
    records_skipped: row.records_skipped,
    error_code: row.error_code,
    error_message: row.error_message,
    error_details: row.error_details as SyncRun['error_details'],
    ...(row.connection_id ? { feeds: row.feeds as NonNullable<SyncRun['feeds']> } : {}),
  }
}

export const isUnderWay = ({ status }: Pick<RunRow, 'status'>): boolean => status === 'pending' || status === 'running'
