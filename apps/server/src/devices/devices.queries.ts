import { sql } from 'kysely'
import type { Read, Write } from '../platform/db/database.ts'

export interface DeviceRow {
  user_id: string
  device_id: string
  connection_id: string | null
  device_type: string
  device_name: string
  manufacturer: string | null
  model: string | null
  serial_number: string | null
  firmware_version: string | null
  capabilities: string[]
  integration_type: string
  auto_sync: boolean
  sync_interval_minutes: number
  sync_historical_days: number
  status: string
  sync_status: string
  last_seen_at: Date | null
  last_sync_at: Date | null
  cadence_seconds: number | null
  battery_level: number | null
  signal_strength: string | null
  temperature: number | null
  errors: Note[]
  warnings: Note[]
  created_at: Date
  updated_at: Date
  has_credentials: boolean
  has_token: boolean
  is_demo: boolean
}

/** Something a device said about itself, and when. */
export interface Note {
  at: string
  text: string
}

export interface DeviceFilter {
  device_type?: string | undefined
  status?: string | undefined
}

export type NewDeviceRow = Pick<
  DeviceRow,
  | 'user_id'
  | 'device_id'
  | 'device_type'
  | 'device_name'
  | 'manufacturer'
  | 'model'
  | 'serial_number'
  | 'firmware_version'
  | 'capabilities'
  | 'integration_type'
  | 'auto_sync'
  | 'sync_interval_minutes'
  | 'sync_historical_days'
>

export type DeviceChange = Partial<
  Omit<NewDeviceRow, 'user_id' | 'device_id'> & Pick<DeviceRow, 'status' | 'connection_id'>
>

/** What opened a connection is the connection's; what opened nothing is kept by connection and device. */
const columns = sql.raw(`d.*,
  exists (select from connection_secrets s where s.user_id = d.user_id and s.connection_id = d.connection_id and s.name in ('device:' || d.device_id, 'tokens', 'credentials')) as has_credentials,
  exists (select from device_tokens t where t.user_id = d.user_id and t.device_id = d.device_id) as has_token`)

/** Null when this maker and serial are registered already: the index decides, not a look before. */
export async function insertDevice(tx: Write, device: NewDeviceRow): Promise<{ created_at: Date } | null> {
  const { rows } = await sql<{ created_at: Date }>`
    insert into devices (user_id, device_id, device_type, device_name, manufacturer, model, serial_number, firmware_version,
      capabilities, integration_type, auto_sync, sync_interval_minutes, sync_historical_days)
    values (${device.user_id}, ${device.device_id}, ${device.device_type}, ${device.device_name}, ${device.manufacturer},
      ${device.model}, ${device.serial_number}, ${device.firmware_version}, ${device.capabilities}, ${device.integration_type},
      ${device.auto_sync}, ${device.sync_interval_minutes}, ${device.sync_historical_days})
    on conflict (user_id, lower(coalesce(manufacturer, '')), serial_number) where serial_number is not null do nothing
    returning created_at`.execute(tx)
  return rows[0] ?? null
}

/** A device's data hangs from its source from the first day on. */
export async function insertSource(
  tx: Write,
  userId: string,
  deviceId: string,
  sourceId: string,
  name: string,
): Promise<void> {
  await sql`
    insert into sources (user_id, source_id, kind, device_id, name)
    values (${userId}, ${sourceId}, 'device', ${deviceId}, ${name})`.execute(tx)
}

export async function renameSource(tx: Write, userId: string, deviceId: string, name: string): Promise<void> {
  await sql`update sources set name = ${name} where user_id = ${userId} and device_id = ${deviceId}`.execute(tx)
}

export async function findDeviceBySerial(
  tx: Read,
  userId: string,
  manufacturer: string | null,
  serial: string | null,
): Promise<string | null> {
  const { rows } = await sql<{ device_id: string }>`
    select device_id from devices
    where user_id = ${userId} and lower(coalesce(manufacturer, '')) = lower(${manufacturer ?? ''}) and serial_number = ${serial}`.execute(
    tx,
  )
  return rows[0]?.device_id ?? null
}

export async function findDevice(tx: Read, userId: string, deviceId: string): Promise<DeviceRow | null> {
  const { rows } = await sql<DeviceRow>`
    select ${columns} from devices d where user_id = ${userId} and device_id = ${deviceId}`.execute(tx)
  return rows[0] ?? null
}

export async function listDevices(
  tx: Read,
  userId: string,
  filter: DeviceFilter = {},
  { limit, offset }: { limit: number; offset: number } = { limit: 10_000, offset: 0 },
): Promise<DeviceRow[]> {
  const { rows } = await sql<DeviceRow>`
    select ${columns} from devices d
    where ${matches(userId, filter)}
    order by created_at, device_id
    limit ${limit} offset ${offset}`.execute(tx)
  return rows
}

export async function countDevices(tx: Read, userId: string, filter: DeviceFilter): Promise<number> {
  const { rows } = await sql<{
    n: number
  }>`select count(*) as n from devices d where ${matches(userId, filter)}`.execute(tx)
  return rows[0]?.n ?? 0
}

function matches(userId: string, { device_type, status }: DeviceFilter) {
  return sql`user_id = ${userId}
    and (${device_type ?? null}::text is null or device_type = ${device_type ?? null})
    and (${status ?? null}::text is null or status = ${status ?? null})`
}

export async function updateDevice(
  tx: Write,
  userId: string,
  deviceId: string,
  change: DeviceChange,
): Promise<boolean> {
  const changed = await tx
    .updateTable('devices')
    .set({ ...change, updated_at: sql`now()` })
    .where('user_id', '=', userId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

export async function deleteDevice(tx: Write, userId: string, deviceId: string): Promise<boolean> {
  await sql`delete from batches where user_id = ${userId} and device_id = ${deviceId}`.execute(tx)
  const { numAffectedRows = 0n } =
    await sql`delete from devices where user_id = ${userId} and device_id = ${deviceId}`.execute(tx)
  return numAffectedRows > 0n
}
