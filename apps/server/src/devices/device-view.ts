/** A device as document 2 shows it, without its credentials. */
import type { devices } from '@tributary/protocol'
import type { z } from 'zod'
import { instantOf, instantOrNull } from '../platform/instant.ts'
import type { DeviceRow } from './devices.queries.ts'

export type Device = z.input<typeof devices.Device>

export function deviceOf(row: DeviceRow): Device {
  return {
    device_id: row.device_id,
    user_id: row.user_id,
    device_type: row.device_type,
    device_name: row.device_name,
    manufacturer: row.manufacturer,
    model: row.model,
    serial_number: row.serial_number,
    firmware_version: row.firmware_version,
    capabilities: row.capabilities,
    integration_type: row.integration_type as Device['integration_type'],
    sync_settings: {
      auto_sync: row.auto_sync,
      sync_interval_minutes: row.sync_interval_minutes,
      sync_historical_days: row.sync_historical_days,
    },
    status: row.status as Device['status'],
    sync_status: row.sync_status as Device['sync_status'],
    last_seen: instantOrNull(row.last_seen_at),
    last_sync: instantOrNull(row.last_sync_at),
    next_sync: nextSync(row),
    battery_level: row.battery_level,
    signal_strength: row.signal_strength,
    has_credentials: row.has_credentials,
    has_token: row.has_token,
    is_demo: row.is_demo,
    created_at: instantOf(row.created_at),
    updated_at: instantOf(row.updated_at),
  }
}

type Schedule = Pick<DeviceRow, 'auto_sync' | 'sync_interval_minutes' | 'created_at'> & { last_sync_at: Date | null }

/** One interval after the last success, or after registering; never for a device that does not sync by itself. */
export function nextSync({ auto_sync, sync_interval_minutes, last_sync_at, created_at }: Schedule): string | null {
  return auto_sync ? instantOf((last_sync_at ?? created_at).getTime() + sync_interval_minutes * 60_000) : null
}
