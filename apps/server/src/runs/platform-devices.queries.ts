/** Things that a provider named inside a person's connections to it, and the devices they became. */
import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Read, Write } from '../platform/db/database.ts'

export interface PlatformRow {
  connection_id: string
  platform_key: string
  name: string
  manufacturer: string | null
  model: string | null
  device_id: string | null
  last_seen_at: Date | null
}

export async function hasConnection(tx: Read, userId: string, provider: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from connections where user_id = ${userId} and provider = ${provider} and status <> 'ended' limit 1`.execute(
    tx,
  )
  return rows.length > 0
}

export async function listPlatformDevices(tx: Read, userId: string, provider: string): Promise<PlatformRow[]> {
  const { rows } = await sql<PlatformRow>`
    select c.connection_id, o.external_key as platform_key, o.name, null::text as manufacturer, null::text as model, null::uuid as device_id,
      (select max(l.ts) from series s join latest l on l.user_id = s.user_id and l.series_id = s.series_id
        where s.user_id = o.user_id and s.source_id = o.source_id) as last_seen_at
    from connections c join sources o on o.user_id = c.user_id and o.connection_id = c.connection_id
    where c.user_id = ${userId} and c.provider = ${provider} and c.status <> 'ended' and o.kind = 'connection' and o.external_key <> ''
    union all
    select c.connection_id, d.platform_key, d.device_name, d.manufacturer, d.model, d.device_id, d.last_seen_at
    from connections c join devices d on d.user_id = c.user_id and d.connection_id = c.connection_id
    where c.user_id = ${userId} and c.provider = ${provider} and c.status <> 'ended' and d.platform_key is not null
    order by name, platform_key, connection_id`.execute(tx)
  return rows
}

/** The source stays the same, so all that hangs from it hangs from the device from now on. */
export async function makePlatformDevice(
  tx: Write,
  userId: string,
  row: Pick<PlatformRow, 'connection_id' | 'platform_key' | 'name'>,
  { deviceType, syncIntervalMinutes }: { deviceType: string; syncIntervalMinutes: number },
): Promise<string> {
  const deviceId = uuidv7()
  await sql`
    insert into devices (user_id, device_id, connection_id, platform_key, device_type, device_name, integration_type, capabilities,
      sync_interval_minutes, status, told_only)
    select ${userId}, ${deviceId}, ${row.connection_id}, ${row.platform_key}, ${deviceType}, ${row.name}, 'api',
      coalesce(array(
        select s.metric from series s join sources o on o.user_id = s.user_id and o.source_id = s.source_id
        where o.user_id = ${userId} and o.connection_id = ${row.connection_id} and o.external_key = ${row.platform_key}
        order by s.metric), '{}'),
      ${syncIntervalMinutes}, 'active', true`.execute(tx)
  await sql`
    update sources set kind = 'device', device_id = ${deviceId}
    where user_id = ${userId} and connection_id = ${row.connection_id} and external_key = ${row.platform_key} and kind = 'connection'`.execute(
    tx,
  )
  return deviceId
}
