import { z } from 'zod'
import { FreeForm, Instant, paging, Uuid } from '../fields.ts'
import { route } from '../route.ts'

const tag = 'Devices'

export const deviceStatuses = ['registered', 'active', 'inactive', 'error'] as const
export const integrationTypes = ['api', 'bluetooth', 'wifi', 'mqtt', 'file', 'manual'] as const
export const runStatuses = ['pending', 'running', 'completed', 'partial', 'failed', 'cancelled'] as const

const SyncSettings = z.strictObject({
  auto_sync: z.boolean().optional(),
  sync_interval_minutes: z.number().int().min(15).max(1_440).optional(),
  sync_historical_days: z.number().int().min(0).max(3_650).optional(),
})

/** What the maker's cloud needs. Encrypted at once, never answered. Free-form, because each provider wants something else. */
const Credentials = z.record(z.string().max(100), z.union([z.string().max(8_192), z.number(), z.boolean(), z.null()]))

const described = {
  device_type: z.string().trim().min(1).max(100),
  device_name: z.string().trim().min(1).max(200),
  manufacturer: z.string().trim().max(100).nullable(),
  model: z.string().trim().max(100).nullable(),
  serial_number: z.string().trim().min(1).max(100).nullable(),
  firmware_version: z.string().trim().max(50).nullable(),
  capabilities: z.array(z.string().max(100)).max(200),
  integration_type: z.enum(integrationTypes),
}

export const NewDevice = z
  .strictObject({
    device_type: described.device_type,
    device_name: described.device_name,
    manufacturer: described.manufacturer.optional(),
    model: described.model.optional(),
    serial_number: described.serial_number.optional(),
    firmware_version: described.firmware_version.optional(),
    capabilities: described.capabilities.optional(),
    integration_type: described.integration_type,
    credentials: Credentials.optional(),
    sync_settings: SyncSettings.optional(),
    issue_token: z.boolean().optional(),
  })
  .meta({
    examples: [
      {
        device_type: 'smartwatch',
        device_name: 'My watch',
        manufacturer: 'Garmin',
        model: 'Forerunner 965',
        serial_number: 'SN-0001',
        integration_type: 'api',
        issue_token: true,
      },
    ],
  })

export const Device = z.strictObject({
  device_id: Uuid,
  user_id: Uuid,
  device_type: z.string(),
  device_name: z.string(),
  manufacturer: z.string().nullable(),
  model: z.string().nullable(),
  serial_number: z.string().nullable(),
  firmware_version: z.string().nullable(),
  capabilities: z.array(z.string()),
  integration_type: z.enum(integrationTypes),
  sync_settings: z.strictObject({
    auto_sync: z.boolean(),
    sync_interval_minutes: z.number().int(),
    sync_historical_days: z.number().int(),
  }),
  status: z.enum(deviceStatuses),
  sync_status: z.enum(runStatuses),
  last_seen: z.string().nullable(),
  last_sync: z.string().nullable(),
  next_sync: z.string().nullable(),
  battery_level: z.number().int().nullable(),
  signal_strength: z.string().nullable(),
  has_credentials: z.boolean(),
  has_token: z.boolean(),
  is_demo: z.boolean().optional().meta({ description: 'Made by the demo, and removed with it' }),
  created_at: z.string(),
  updated_at: z.string(),
})

const params = z.strictObject({ device_id: Uuid })

export const createDevice = route({
  method: 'POST',
  path: '/api/v1/devices',
  summary: 'Register a device',
  tag,
  scope: 'devices:write',
  body: NewDevice,
  returns: {
    status: 201,
    body: z.strictObject({
      device_id: Uuid,
      status: z.enum(deviceStatuses),
      sync_status: z.enum(runStatuses),
      last_sync: z.string().nullable(),
      next_sync: z.string().nullable(),
      created_at: z.string(),
      device_token: z.string().optional().meta({ description: 'Shown once, when asked for with issue_token' }),
    }),
  },
  problems: ['device_exists'],
  secret: ['device_token'],
})

export const listDevices = route({
  method: 'GET',
  path: '/api/v1/devices',
  summary: 'List your devices',
  tag,
  scope: 'devices:read',
  query: z.strictObject({
    device_type: z.string().max(100).optional(),
    status: z.enum(deviceStatuses).optional(),
    ...paging,
  }),
  returns: { status: 200, body: z.array(Device) },
  problems: [],
})

export const getDevice = route({
  method: 'GET',
  path: '/api/v1/devices/{device_id}',
  summary: 'Read one device',
  tag,
  scope: 'devices:read',
  params,
  returns: { status: 200, body: Device },
  problems: ['not_found'],
})

export const updateDevice = route({
  method: 'PUT',
  path: '/api/v1/devices/{device_id}',
  summary: 'Change a device',
  description: 'Only the keys given are changed.',
  tag,
  scope: 'devices:write',
  params,
  body: z.strictObject({
    device_type: described.device_type.optional(),
    device_name: described.device_name.optional(),
    manufacturer: described.manufacturer.optional(),
    model: described.model.optional(),
    serial_number: described.serial_number.optional(),
    firmware_version: described.firmware_version.optional(),
    capabilities: described.capabilities.optional(),
    integration_type: described.integration_type.optional(),
    credentials: Credentials.nullable().optional(),
    sync_settings: SyncSettings.optional(),
    status: z.enum(['active', 'inactive']).optional(),
  }),
  returns: { status: 200, body: Device },
  problems: ['not_found', 'device_exists'],
})

export const deleteDevice = route({
  method: 'DELETE',
  path: '/api/v1/devices/{device_id}',
  summary: 'Remove a device',
  description: 'Its data is kept unless `data=delete`.',
  tag,
  scope: 'devices:write',
  params,
  query: z.strictObject({ data: z.enum(['keep', 'delete']).default('keep') }),
  returns: { status: 204 },
  problems: ['not_found'],
})

export const syncDevice = route({
  method: 'POST',
  path: '/api/v1/devices/{device_id}/sync',
  summary: 'Sync a device now',
  tag,
  scope: 'sync:write',
  params,
  returns: { status: 202, body: z.strictObject({ sync_id: Uuid, status: z.enum(runStatuses) }) },
  problems: ['not_found', 'connection_paused', 'sync_not_taken'],
})

const DeviceNote = z.strictObject({ at: z.string(), text: z.string() })

export const DeviceHealth = z.strictObject({
  device_id: Uuid,
  status: z.enum(['online', 'offline', 'unknown']),
  last_seen: z.string().nullable(),
  battery_level: z.number().int().nullable(),
  signal_strength: z.string().nullable(),
  temperature: z.number().nullable(),
  firmware_version: z.string().nullable(),
  sync_status: z.enum(['pending', 'running', 'successful', 'partial', 'failed', 'cancelled']),
  last_sync: z.string().nullable(),
  next_sync: z.string().nullable(),
  errors: z.array(DeviceNote),
  warnings: z.array(DeviceNote),
})

export const getDeviceHealth = route({
  method: 'GET',
  path: '/api/v1/devices/{device_id}/health',
  summary: 'Read how a device is doing',
  description:
    'Online while it was seen within three times its usual gap between deliveries; unknown before anything came.',
  tag,
  scope: 'devices:read',
  params,
  returns: { status: 200, body: DeviceHealth },
  problems: ['not_found'],
})

const Notes = z.array(z.string().trim().min(1).max(500)).max(20)

export const reportDeviceHealth = route({
  method: 'POST',
  path: '/api/v1/devices/{device_id}/health',
  summary: 'Report how a device is doing',
  tag,
  scope: 'data:write',
  deviceToken: true,
  params,
  body: z.strictObject({
    timestamp: Instant.optional(),
    battery_level: z.number().int().min(0).max(100).optional(),
    signal_strength: z.string().trim().max(20).optional(),
    temperature: z.number().min(-100).max(200).optional(),
    firmware_version: z.string().trim().max(50).optional(),
    errors: Notes.optional(),
    warnings: Notes.optional(),
  }),
  returns: { status: 202, body: DeviceHealth },
  problems: ['not_found'],
})

export const getHealthSummary = route({
  method: 'GET',
  path: '/api/v1/devices/health/summary',
  summary: 'Read how all your devices are doing',
  tag,
  scope: 'devices:read',
  returns: {
    status: 200,
    body: z.strictObject({
      total: z.number().int(),
      online: z.number().int(),
      offline: z.number().int(),
      unknown: z.number().int(),
      low_battery: z.number().int().meta({ description: 'Devices at 20 % or less' }),
      failing_sync: z.number().int(),
      stale: z.number().int().meta({ description: 'Devices that sent nothing for a day' }),
      devices: z.array(DeviceHealth),
    }),
  },
  problems: [],
})

export const issueDeviceToken = route({
  method: 'POST',
  path: '/api/v1/devices/{device_id}/token',
  summary: "Make or replace a device's token",
  description: 'The token can only write the data of this device. It is shown once; an older one ends.',
  tag,
  scope: 'devices:write',
  params,
  returns: { status: 201, body: z.strictObject({ device_id: Uuid, device_token: z.string(), created_at: z.string() }) },
  problems: ['not_found'],
  secret: true,
})

export const revokeDeviceToken = route({
  method: 'DELETE',
  path: '/api/v1/devices/{device_id}/token',
  summary: "Revoke a device's token",
  tag,
  scope: 'devices:write',
  params,
  returns: { status: 204 },
  problems: ['not_found'],
})

const syncTag = 'Syncing'

export const SyncRun = z.strictObject({
  sync_id: Uuid,
  user_id: Uuid,
  device_id: Uuid.nullable(),
  provider: z.string().nullable(),
  sync_type: z.enum(['manual', 'automatic', 'bulk']),
  trigger: z.enum(['manual', 'automatic', 'bulk', 'webhook', 'backfill', 'push', 'import', 'retry']),
  status: z.enum(runStatuses),
  start_time: z.string(),
  end_time: z.string().nullable(),
  duration_seconds: z.number().nullable(),
  sync_date_from: z.string().nullable(),
  sync_date_to: z.string().nullable(),
  records_processed: z.number().int(),
  records_synced: z.number().int(),
  records_failed: z.number().int(),
  records_fetched: z.number().int(),
  records_inserted: z.number().int(),
  records_updated: z.number().int(),
  records_skipped: z.number().int(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  error_details: FreeForm.nullable(),
  feeds: z
    .array(
      z.strictObject({
        feed: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        fetched: z.number().int(),
        inserted: z.number().int(),
        updated: z.number().int(),
        skipped: z.number().int(),
        failed: z.number().int(),
        error_code: z.string().nullable(),
        error_message: z.string().nullable(),
        note: z
          .strictObject({ code: z.enum(['history_not_allowed']), message: z.string() })
          .optional()
          .meta({ description: 'Worth knowing, and no failure' }),
      }),
    )
    .optional()
    .meta({ description: 'Of a connection: what became of each of its lists' }),
})

export const getSyncStatus = route({
  method: 'GET',
  path: '/api/v1/sync/status',
  summary: 'Read the sync state of every device',
  tag: syncTag,
  scope: 'sync:read',
  returns: {
    status: 200,
    body: z.array(
      z.strictObject({
        device_id: Uuid,
        device_name: z.string(),
        sync_status: z.enum(runStatuses),
        last_sync: z.string().nullable(),
        next_sync: z.string().nullable(),
        interval_minutes: z.number().int(),
        effective_interval_minutes: z.number().int(),
        running: SyncRun.nullable(),
        errors: z.array(z.strictObject({ code: z.string(), detail: z.string(), at: z.string() })),
        gaps: z.array(z.strictObject({ from: z.string(), to: z.string(), reason: z.string() })),
      }),
    ),
  },
  problems: [],
})

export const listSyncRuns = route({
  method: 'GET',
  path: '/api/v1/sync/history',
  summary: 'List sync runs, newest first',
  tag: syncTag,
  scope: 'sync:read',
  query: z.strictObject({
    device_id: Uuid.optional(),
    provider: z.string().max(100).optional(),
    status: z.enum(runStatuses).optional(),
    trigger: SyncRun.shape.trigger.optional(),
    from: Instant.optional(),
    to: Instant.optional(),
    ...paging,
  }),
  returns: { status: 200, body: z.array(SyncRun) },
  problems: [],
})

export const getSyncRun = route({
  method: 'GET',
  path: '/api/v1/sync/history/{sync_id}',
  summary: 'Read one sync run',
  tag: syncTag,
  scope: 'sync:read',
  params: z.strictObject({ sync_id: Uuid }),
  returns: { status: 200, body: SyncRun },
  problems: ['not_found'],
})
