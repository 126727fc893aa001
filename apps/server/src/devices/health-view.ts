/** How a device is doing, as far as it was heard from. */
import type { devices } from '@tributary/protocol'
import type { z } from 'zod'
import { instantOrNull } from '../platform/instant.ts'
import { nextSync } from './device-view.ts'
import type { DeviceRow } from './devices.queries.ts'

export type DeviceHealth = z.input<typeof devices.DeviceHealth>

/** A device is silent for longer than usual after three gaps; less than this says nothing, since sightings are written down every 30 s. */
const leastSilenceMs = 120_000
const dayMs = 86_400_000
const lowBattery = 20

export function healthOf(row: DeviceRow, now: number): DeviceHealth {
  return {
    device_id: row.device_id,
    status: presenceOf(row, now),
    last_seen: instantOrNull(row.last_seen_at),
    battery_level: row.battery_level,
    signal_strength: row.signal_strength,
    temperature: row.temperature,
    firmware_version: row.firmware_version,
    sync_status: (row.sync_status === 'completed' ? 'successful' : row.sync_status) as DeviceHealth['sync_status'],
    last_sync: instantOrNull(row.last_sync_at),
    next_sync: nextSync(row),
    errors: row.errors,
    warnings: row.warnings,
  }
}

type Heard = Pick<DeviceRow, 'last_seen_at' | 'cadence_seconds' | 'sync_interval_minutes'>

/** Before a second delivery its own gap is not known; the interval it was registered with stands in. */
export function presenceOf(
  { last_seen_at, cadence_seconds, sync_interval_minutes }: Heard,
  now: number,
): DeviceHealth['status'] {
  if (!last_seen_at) return 'unknown'
  const gapMs = (cadence_seconds ?? sync_interval_minutes * 60) * 1000
  return now - last_seen_at.getTime() <= Math.max(3 * gapMs, leastSilenceMs) ? 'online' : 'offline'
}

export function summaryOf(rows: readonly DeviceRow[], now: number) {
  const list = rows.map((row) => healthOf(row, now))
  const count = (is: (health: DeviceHealth) => boolean) => list.filter(is).length
  return {
    total: list.length,
    online: count((health) => health.status === 'online'),
    offline: count((health) => health.status === 'offline'),
    unknown: count((health) => health.status === 'unknown'),
    low_battery: count(({ battery_level }) => battery_level !== null && battery_level <= lowBattery),
    failing_sync: count((health) => health.sync_status === 'failed'),
    stale: rows.filter(({ last_seen_at }) => last_seen_at !== null && now - last_seen_at.getTime() > dayMs).length,
    devices: list,
  }
}
