import { sql } from 'kysely'
import type { Write } from '../platform/db/database.ts'

/** The device's source, held so that nobody begins a new series of it, and the series it has. */
export async function lockSource(
  tx: Write,
  userId: string,
  deviceId: string,
): Promise<{ sourceId: string; seriesIds: number[] } | null> {
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sources where user_id = ${userId} and device_id = ${deviceId} for update`.execute(tx)
  const sourceId = rows[0]?.source_id
  if (!sourceId) return null
  const series = await sql<{ series_id: number }>`
    select series_id from series where user_id = ${userId} and source_id = ${sourceId}`.execute(tx)
  return { sourceId, seriesIds: series.rows.map((row) => row.series_id) }
}

/** With its days, events, sessions and ways. */
export async function deleteSource(tx: Write, userId: string, sourceId: string): Promise<void> {
  await sql`delete from sources where user_id = ${userId} and source_id = ${sourceId}`.execute(tx)
}
