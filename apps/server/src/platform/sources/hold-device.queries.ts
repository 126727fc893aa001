import { sql } from 'kysely'
import type { Write } from '../db/database.ts'

export interface HeldDevice {
  source: { sourceId: string; seriesIds: number[] } | null
  begun: boolean
}

/**
 * The device with its source, held in the order in which imports and flushes take them: the device, its series with their newest
 * points, the source. From then on nobody begins a series of it. `begun`: one was begun in between, and whoever writes to it may wait
 * for the source already.
 */
export async function holdDevice(tx: Write, userId: string, deviceId: string): Promise<HeldDevice | null> {
  const device = await sql`
    select from devices where user_id = ${userId} and device_id = ${deviceId} for update`.execute(tx)
  if (!device.rows.length) return null
  const held = await sql<{ series_id: number }>`
    select e.series_id
    from sources s join series e on e.user_id = s.user_id and e.source_id = s.source_id
    where s.user_id = ${userId} and s.device_id = ${deviceId}
    order by e.series_id
    for update of e`.execute(tx)
  await sql`
    select from latest
    where user_id = ${userId} and series_id = any(${held.rows.map((row) => row.series_id)}::int8[])
    order by series_id
    for update`.execute(tx)
  const source = await sql<{ source_id: string }>`
    select source_id from sources where user_id = ${userId} and device_id = ${deviceId} for update`.execute(tx)
  const sourceId = source.rows[0]?.source_id
  if (!sourceId) return { source: null, begun: false }
  const series = await sql<{ series_id: number }>`
    select series_id from series where user_id = ${userId} and source_id = ${sourceId}`.execute(tx)
  const seriesIds = series.rows.map((row) => row.series_id)
  return { source: { sourceId, seriesIds }, begun: seriesIds.length > held.rows.length }
}
