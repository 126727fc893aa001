/** The tables of documents 0, 1, 2 and 4, and those that they replaced: which column says what. Pure: rows in, plain values out. */
import { tableOf } from '@tributary/protocol'
import { findProvider, providerOf } from '@tributary/providers'
import type { OldRow } from './old-database.ts'

export interface OldPerson {
  id: string
  email: string | null
}

export interface OldConnection {
  person: string
  id: string
  provider: string
  account: string
  accessToken: string | null
  refreshToken: string | null
  expiresAt: Date | null
  scopes: string[]
  profile: Record<string, unknown>
  isActive: boolean
  connectedAt: Date | null
  lastSyncAt: Date | null
}

export interface OldDevice {
  person: string
  id: string
  type: string
  name: string
  manufacturer: string | null
  model: string | null
  serial: string | null
  firmware: string | null
  capabilities: string[]
  integration: 'api' | 'bluetooth' | 'wifi' | 'mqtt' | 'file' | 'manual'
  autoSync: boolean
  intervalMinutes: number | null
  historicalDays: number
  lastSeenAt: Date | null
  lastSyncAt: Date | null
  credentials: Record<string, string | number | boolean | null> | null
}

/** An upload, in the form that the device's route takes. */
export interface OldUpload {
  device: string
  body: { data_type: string; timestamp?: string; values: unknown[]; metadata?: object }
}

export interface OldRun {
  person: string | null
  device: string | null
  id: string
  provider: string | null
  trigger: 'manual' | 'automatic' | 'bulk'
  status: 'completed' | 'partial' | 'failed' | 'cancelled'
  startedAt: Date
  endedAt: Date | null
  from: Date | null
  to: Date | null
  counts: { fetched: number; inserted: number; updated: number; skipped: number; failed: number }
  errorCode: string | null
  errorMessage: string | null
}

export interface OldReport {
  device: string
  id: string
  at: Date
  batteryLevel: number | null
  signalStrength: string | null
  temperature: number | null
  errors: string[]
  warnings: string[]
}

/** What one row can hold; a row that is no such thing says why, for the report. */
export type Read<T> = T | { unusable: string }

export const isUnusable = <T>(read: Read<T>): read is { unusable: string } =>
  typeof read === 'object' && read !== null && 'unusable' in read

/**
 * By their names, in whatever schema, and a column that tells them from a namesake. Of connections the newest table comes first: the one
 * it replaced is still there, with tokens that were renewed since.
 */
export const tables = {
  people: [
    ['users', 'email'],
    ['profiles', 'email'],
  ],
  integrations: [['users', 'device_sync_config']],
  connections: [
    ['provider_connections', 'provider'],
    ['wearable_connections', 'provider'],
    ['user_connections', 'provider'],
    ['strava_connections', 'access_token'],
  ],
  devices: [['devices', 'device_type']],
  data: [['device_data', 'values']],
  runs: [
    ['sync_history', 'status'],
    ['wearable_sync_history', 'status'],
  ],
  reports: [['device_health', 'battery_level']],
} as const satisfies Record<string, readonly (readonly [table: string, column: string])[]>

export function readPerson(row: OldRow): Read<OldPerson> {
  const id = textOf(row['id'] ?? row['user_id'])
  if (!id) return { unusable: 'a person without an id' }
  return { id, email: textOf(row['email'])?.trim().toLowerCase() ?? null }
}

/**
 * Document 0 keeps a person's devices in two JSON columns of `users`: the list, and what is set for each. A master switch that is off
 * turns off each of them.
 */
export function* readIntegrations(row: OldRow): Generator<Read<OldDevice>> {
  const person = textOf(row['id'] ?? row['user_id'])
  const settings = jsonOf(row['device_sync_config'])
  const configured = jsonOf(row['devices_configured'])
  if (!person) return
  const isSyncing = isOn(row['device_sync_enabled'])
  const named = Array.isArray(configured)
    ? configured.map((id) => [String(id), id])
    : Object.entries(objectOf(configured))
  for (const id of new Set([...named.map(([key]) => String(key)), ...Object.keys(objectOf(settings))])) {
    const own = objectOf(objectOf(settings)[id])
    const listed = named.find(([key]) => key === id)?.[1]
    const type =
      textOf(own['device_type']) ??
      (typeof listed === 'string' && !/^\d/.test(listed) ? listed : id.replace(/_\d+$/, ''))
    const hours = numberOf(own['sync_interval_hours'])
    yield {
      ...bare,
      person,
      id: `${person}/${id}`,
      type,
      name: textOf(own['device_name']) ?? titleOf(type),
      integration: type === 'manual' ? 'manual' : 'api',
      autoSync: isSyncing && isOn(own['auto_sync_enabled'] ?? own['auto_sync']),
      intervalMinutes: hours === null ? null : Math.min(1_440, Math.max(15, Math.round(hours * 60))),
      lastSyncAt: timeOf(own['last_sync'] ?? own['last_sync_at']),
    }
  }
}

const bare = {
  manufacturer: null,
  model: null,
  serial: null,
  firmware: null,
  capabilities: [],
  historicalDays: 30,
  lastSeenAt: null,
  credentials: null,
} satisfies Partial<OldDevice>

export function readConnection(table: string, row: OldRow): Read<OldConnection> {
  const person = textOf(row['user_id'])
  const named = textOf(row['provider']) ?? (table.endsWith('strava_connections') ? 'strava' : null)
  const provider = named && findProvider(named.toLowerCase())
  if (!person || !named) return { unusable: 'a connection without a person or a provider' }
  if (!provider) return { unusable: `a connection to ${named.slice(0, 40)}, which is not known here` }
  return {
    person,
    id: textOf(row['id']) ?? `${person}/${provider.id}`,
    provider: provider.id,
    account:
      textOf(row['provider_user_id'] ?? row['user_external_id'] ?? row['athlete_id'] ?? row['strava_athlete_id']) ?? '',
    accessToken: textOf(row['access_token']),
    refreshToken: textOf(row['refresh_token']),
    expiresAt: timeOf(row['token_expires_at'] ?? row['expires_at']),
    scopes: listOf(row['granted_scopes'] ?? row['scopes'] ?? row['scope']),
    profile: objectOf(jsonOf(row['provider_profile'] ?? row['athlete_data'] ?? row['athlete'] ?? row['profile'])),
    isActive: isOn(row['is_active']),
    connectedAt: timeOf(row['connected_at'] ?? row['created_at']),
    lastSyncAt: timeOf(row['last_sync_at'] ?? row['last_sync']),
  }
}

const integrations = ['api', 'bluetooth', 'wifi', 'mqtt', 'file', 'manual'] as const

export function readDevice(row: OldRow): Read<OldDevice> {
  const [person, id, type] = [textOf(row['user_id']), textOf(row['id']), textOf(row['device_type'])]
  if (!person || !id || !type) return { unusable: 'a device without an id, a person or a type' }
  const settings = objectOf(jsonOf(row['sync_settings']))
  const credentials = objectOf(jsonOf(row['credentials']))
  const minutes = numberOf(settings['sync_interval_minutes'])
  return {
    person,
    id,
    type: type.slice(0, 100),
    name: (textOf(row['device_name']) ?? titleOf(type)).slice(0, 200),
    manufacturer: cut(row['manufacturer'], 100),
    model: cut(row['model'], 100),
    serial: cut(row['serial_number'], 100),
    firmware: cut(row['firmware_version'], 50),
    capabilities: listOf(jsonOf(row['capabilities'])).slice(0, 200),
    integration: integrations.find((known) => known === row['integration_type']) ?? 'api',
    autoSync: isOn(settings['auto_sync']),
    intervalMinutes: minutes === null ? null : Math.min(1_440, Math.max(15, Math.round(minutes))),
    historicalDays: Math.min(3_650, Math.max(0, Math.round(numberOf(settings['sync_historical_days']) ?? 30))),
    lastSeenAt: timeOf(row['last_seen']),
    lastSyncAt: timeOf(row['last_sync']),
    credentials: Object.keys(credentials).length ? (credentials as OldDevice['credentials']) : null,
  }
}

export function readUpload(row: OldRow): Read<OldUpload> {
  const [device, type] = [textOf(row['device_id']), textOf(row['data_type'])]
  const given = jsonOf(row['values'])
  const values = Array.isArray(given) ? given : typeof given === 'object' && given !== null ? [given] : []
  if (!device || !type) return { unusable: 'data without a device or a type' }
  if (!values.length) return { unusable: `data of type ${type.slice(0, 40)} without values` }
  const time = timeOf(row['timestamp'])
  return {
    device,
    body: {
      data_type: type,
      ...(time ? { timestamp: time.toISOString() } : {}),
      values: values.map((value) =>
        typeof value === 'object' && value !== null ? withZone(value as OldRow) : { value },
      ),
    },
  }
}

/** Times without a zone were written in UTC. */
function withZone(value: OldRow): OldRow {
  const timed = Object.entries(value).map(([key, inner]) =>
    ['timestamp', 'end', 'start'].includes(key) && typeof inner === 'string'
      ? [key, timeOf(inner)?.toISOString() ?? inner]
      : [key, inner],
  )
  return Object.fromEntries(timed)
}

const triggers: Readonly<Record<string, OldRun['trigger']>> = tableOf({ manual: 'manual', bulk: 'bulk' })
const outcomes: Readonly<Record<string, OldRun['status']>> = tableOf({
  success: 'completed',
  completed: 'completed',
  successful: 'completed',
  partial: 'partial',
  cancelled: 'cancelled',
})

export function readRun(row: OldRow): Read<OldRun> {
  const id = textOf(row['id'])
  const startedAt = timeOf(row['sync_started_at'] ?? row['start_time'] ?? row['started_at'] ?? row['created_at'])
  if (!id || !startedAt) return { unusable: 'a sync without an id or a start' }
  const said = textOf(row['status']) ?? ''
  const status = outcomes[said] ?? 'failed' // what was under way there is under way no more
  const count = (...names: string[]) =>
    Math.max(0, Math.round(numberOf(names.map((name) => row[name]).find((value) => value != null)) ?? 0))
  const synced = count('records_synced')
  return {
    person: textOf(row['user_id']),
    device: textOf(row['device_id']),
    id,
    provider: findProvider((textOf(row['provider']) ?? '').toLowerCase())?.id ?? null,
    trigger: triggers[textOf(row['sync_trigger'] ?? row['sync_type']) ?? ''] ?? 'automatic',
    status,
    startedAt,
    endedAt: timeOf(row['sync_completed_at'] ?? row['end_time'] ?? row['completed_at']) ?? startedAt,
    from: timeOf(row['sync_date_from']),
    to: timeOf(row['sync_date_to']),
    counts: {
      fetched: count('records_fetched', 'records_processed', 'items_fetched', 'activities_synced'),
      inserted: count('records_inserted', 'items_created') || synced,
      updated: count('records_updated', 'items_updated'),
      skipped: count('records_skipped', 'items_skipped'),
      failed: count('records_failed', 'items_failed'),
    },
    errorCode:
      cut(row['error_code'], 100) ??
      (status === 'failed' && !outcomes[said] && said !== 'failed' ? 'interrupted' : null),
    errorMessage: cut(row['error_message'], 1_000),
  }
}

export function readReport(row: OldRow): Read<OldReport> {
  const [device, id, at] = [textOf(row['device_id']), textOf(row['id']), timeOf(row['timestamp'] ?? row['created_at'])]
  if (!device || !id || !at) return { unusable: 'a health report without a device, an id or a time' }
  const level = numberOf(row['battery_level'])
  return {
    device,
    id,
    at,
    batteryLevel: level !== null && level >= 0 && level <= 100 ? Math.round(level) : null,
    signalStrength: cut(row['signal_strength'], 20),
    temperature: numberOf(row['temperature']),
    errors: listOf(jsonOf(row['errors'])).slice(0, 50),
    warnings: listOf(jsonOf(row['warnings'])).slice(0, 50),
  }
}

/** A device's provider, for documents whose rows do not name one. */
export const providerOfDevice = ({ type, manufacturer }: Pick<OldDevice, 'type' | 'manufacturer'>) =>
  providerOf(type, manufacturer)

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() ? value : null
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null
}

/** On unless it says off; SQLite says it with a number. */
const isOn = (value: unknown): boolean => ![false, 0, '0', 'false', 'f'].includes(value as never)

const cut = (value: unknown, most: number): string | null => textOf(value)?.slice(0, most) ?? null

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** ISO 8601 with or without a zone (then UTC), or seconds or milliseconds since 1970. */
function timeOf(value: unknown): Date | null {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,13}$/.test(value))) {
    const number = Number(value)
    return dateOf(number < 1e11 ? number * 1_000 : number)
  }
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return null
  if (value.length === 10) return dateOf(Date.parse(value))
  const written = value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00') // PostgreSQL leaves out minutes that are zero
  return dateOf(Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(written) ? written : `${written}Z`))
}

const dateOf = (ms: number): Date | null => (Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms) : null)

/** SQLite and some drivers keep JSON as text. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value // a plain word
  }
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
  return typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : []
}

const titleOf = (type: string): string => type.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())
