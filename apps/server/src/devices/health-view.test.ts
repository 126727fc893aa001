import { expect, test } from 'vitest'
import { nextSync } from './device-view.ts'
import type { DeviceRow } from './devices.queries.ts'
import { healthOf, presenceOf, summaryOf } from './health-view.ts'

const now = Date.UTC(2024, 5, 1, 12)
const ago = (seconds: number) => new Date(now - seconds * 1_000)

const row = (change: Partial<DeviceRow>): DeviceRow => ({
  user_id: 'u',
  device_id: 'd',
  connection_id: null,
  device_type: 'x',
  device_name: 'X',
  manufacturer: null,
  model: null,
  serial_number: null,
  firmware_version: null,
  capabilities: [],
  integration_type: 'wifi',
  auto_sync: true,
  sync_interval_minutes: 15,
  sync_historical_days: 30,
  status: 'active',
  sync_status: 'pending',
  last_seen_at: null,
  last_sync_at: null,
  cadence_seconds: null,
  battery_level: null,
  signal_strength: null,
  temperature: null,
  errors: [],
  warnings: [],
  created_at: ago(100_000),
  updated_at: ago(0),
  has_credentials: false,
  has_token: false,
  is_demo: false,
  ...change,
})

test('a device that was never heard from is unknown', () => {
  expect(presenceOf(row({}), now)).toBe('unknown')
})

test('a device is online for three of its usual gaps', () => {
  const hourly = (seconds: number) => presenceOf(row({ cadence_seconds: 3_600, last_seen_at: ago(seconds) }), now)
  expect([hourly(0), hourly(10_800), hourly(10_801)]).toEqual(['online', 'online', 'offline'])
})

test('a device that sends each second is not offline after a breath', () => {
  const steady = (seconds: number) => presenceOf(row({ cadence_seconds: 1, last_seen_at: ago(seconds) }), now)
  expect([steady(120), steady(121)]).toEqual(['online', 'offline'])
})

test('before its own gap is known, the interval it was registered with stands in', () => {
  const once = (seconds: number) => presenceOf(row({ last_seen_at: ago(seconds) }), now)
  expect([once(2_700), once(2_701)]).toEqual(['online', 'offline'])
})

test('a completed sync is called successful, as document 2 does', () => {
  expect(healthOf(row({ sync_status: 'completed' }), now).sync_status).toBe('successful')
  expect(healthOf(row({ sync_status: 'failed' }), now).sync_status).toBe('failed')
})

test('the next sync follows the last success', () => {
  expect(nextSync(row({ last_sync_at: ago(60) }))).toBe('2024-06-01T12:14:00Z')
})

test('the summary counts what needs somebody', () => {
  const rows = [
    row({ last_seen_at: ago(10), battery_level: 20 }),
    row({ last_seen_at: ago(90_000), battery_level: 21, sync_status: 'failed' }),
    row({}),
  ]
  expect(summaryOf(rows, now)).toMatchObject({
    total: 3,
    online: 1,
    offline: 1,
    unknown: 1,
    low_battery: 1,
    failing_sync: 1,
    stale: 1,
  })
})
