import { sql } from 'kysely'
import type { Read } from '../platform/db/database.ts'

export interface BatchRow {
  batch_id: string
  device_id: string
  metric: string
  t0: Date
  received: number
  accepted: number
  duplicates: number
  changed: number
  suppressed: number
  rejected: number
  quality: number | null
  flags: number
  metadata: Record<string, unknown> | null
  created_at: Date
}

export interface BatchFilter {
  device_id: string
  data_type?: string | undefined
  start_time?: string | undefined
  end_time?: string | undefined
  limit: number
  offset: number
}

export async function listBatches(tx: Read, userId: string, filter: BatchFilter): Promise<BatchRow[]> {
  const { rows } = await sql<BatchRow>`
    select batch_id, device_id, metric, t0, received, accepted, duplicates, changed, suppressed, rejected, quality, flags, metadata, created_at
    from batches
    where ${matches(userId, filter)}
    order by batch_id desc
    limit ${filter.limit} offset ${filter.offset}`.execute(tx)
  return rows
}

export async function countBatches(tx: Read, userId: string, filter: BatchFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from batches where ${matches(userId, filter)}`.execute(
    tx,
  )
  return rows[0]?.n ?? 0
}

const matches = (userId: string, { device_id, data_type, start_time, end_time }: BatchFilter) => sql`
  user_id = ${userId} and device_id = ${device_id}
    and (${data_type ?? null}::text is null or metric = ${data_type ?? null})
    and (${start_time ?? null}::timestamptz is null or t0 >= ${start_time ?? null}::timestamptz)
    and (${end_time ?? null}::timestamptz is null or t0 < ${end_time ?? null}::timestamptz)`
