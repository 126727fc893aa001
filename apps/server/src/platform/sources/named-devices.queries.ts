/** Devices that data name by maker and serial, and the sources that readings hang from. */
import { sql } from 'kysely'
import { uuidv7 } from 'uuidv7'
import type { Write } from '../db/database.ts'
import { must } from '../must.ts'

export interface NamedDevice {
  manufacturer: string
  model: string | null
  serial: string
  firmware: string | null
  deviceType: string
  deviceName: string
  capabilities: readonly string[]
  syncIntervalMinutes: number
  /** How its data come: `file` when absent. */
  integrationType?: 'file' | 'api'
}

export interface SettledDevice {
  device_id: string
  device_name: string
}

/** By maker and serial, as the unique index sees them. What the device did not know of itself it learns. */
export async function joinDevice(tx: Write, userId: string, device: NamedDevice): Promise<SettledDevice | undefined> {
  const { rows } = await sql<SettledDevice>`
    update devices
    set model = coalesce(model, ${device.model}), firmware_version = coalesce(firmware_version, ${device.firmware})
    where user_id = ${userId} and lower(coalesce(manufacturer, '')) = lower(${device.manufacturer}) and serial_number = ${device.serial}
    returning device_id, device_name`.execute(tx)
  return rows[0]
}

/**
 * Devices that data have named, by each way they come. A phone of ten years has some dozens; a forged file names one for every value.
 * Two imports at once may both see the last place free.
 */
export const mostNamedDevices = 2_000

/** Undefined when somebody else made the same device at this moment, or when too many have been named. */
export async function makeDevice(tx: Write, userId: string, device: NamedDevice): Promise<SettledDevice | undefined> {
  const { rows } = await sql<SettledDevice>`
    insert into devices (user_id, device_id, device_type, device_name, manufacturer, model, serial_number, firmware_version,
      capabilities, integration_type, auto_sync, sync_interval_minutes, status)
    select ${userId}, ${uuidv7()}, ${device.deviceType}, ${device.deviceName}, ${device.manufacturer}, ${device.model}, ${device.serial},
      ${device.firmware}, ${[...device.capabilities]}::text[], ${device.integrationType ?? 'file'}, false, ${device.syncIntervalMinutes}, 'active'
    where (select count(*) from devices where user_id = ${userId} and integration_type = ${device.integrationType ?? 'file'}) < ${mostNamedDevices}
    on conflict (user_id, lower(coalesce(manufacturer, '')), serial_number) where serial_number is not null do nothing
    returning device_id, device_name`.execute(tx)
  return rows[0]
}

export async function sourceOfNamedDevice(
  tx: Write,
  userId: string,
  { device_id, device_name }: SettledDevice,
): Promise<string> {
  await sql`
    insert into sources (user_id, source_id, kind, device_id, name)
    values (${userId}, ${uuidv7()}, 'device', ${device_id}, ${device_name})
    on conflict (user_id, device_id) where device_id is not null do nothing`.execute(tx)
  const { rows } = await sql<{ source_id: string }>`
    select source_id from sources where user_id = ${userId} and device_id = ${device_id}`.execute(tx)
  return must(rows[0], 'the source of a device was made or was there').source_id
}
