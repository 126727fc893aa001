import { z } from 'zod'
import { FreeForm, Instant, Uuid } from '../fields.ts'
import { route } from '../route.ts'

const tag = 'Sessions'
const params = z.strictObject({ session_id: Uuid })

export const SessionPart = z.strictObject({
  kind: z.enum(['lap', 'length', 'stage', 'pause', 'segment']),
  index: z.number().int(),
  start_time: z.string(),
  end_time: z.string(),
  label: z.string().nullable(),
  intensity: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'What a lap was meant to be: active, rest, warmup …' }),
  totals: z.record(z.string(), z.number()),
})

export const Session = z.strictObject({
  session_id: Uuid,
  user_id: Uuid,
  type: z.enum(['workout', 'sleep']),
  activity: z.string().nullable(),
  title: z.string().nullable(),
  start_time: z.string(),
  end_time: z.string(),
  utc_offset_minutes: z.number().int().nullable(),
  totals: z.record(z.string(), z.number()).meta({
    description:
      'distance m, duration s, active_duration s, elevation_gain m, heart_rate_avg bpm, power_avg W … (catalogue units)',
  }),
  derived: z.array(z.string()).meta({ description: 'Totals that were worked out because the file did not state them' }),
  source: z.strictObject({ source_id: Uuid, name: z.string(), kind: z.string(), device_id: Uuid.nullable() }),
  import_id: Uuid.nullable(),
  file_name: z.string().nullable(),
  has_track: z.boolean(),
  has_file: z.boolean(),
  activity_data: FreeForm,
  created_at: z.string(),
})

export const listSessions = route({
  method: 'GET',
  path: '/api/v1/sessions',
  summary: 'List workouts and nights, newest first',
  tag,
  scope: 'data:read',
  query: z.strictObject({
    type: z.enum(['workout', 'sleep']).optional(),
    activity: z.string().max(60).optional(),
    start_time: Instant.optional(),
    end_time: Instant.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(50),
    cursor: z.string().max(400).optional(),
  }),
  returns: { status: 200, body: z.strictObject({ items: z.array(Session), next_cursor: z.string().nullable() }) },
  problems: ['cursor_invalid'],
})

export const getSession = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}',
  summary: 'Read one session',
  tag,
  scope: 'data:read',
  params,
  returns: { status: 200, body: Session },
  problems: ['not_found'],
})

const Column = z.array(z.number().nullable())

export const getTrack = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}/track',
  summary: 'Read the way of a session, in columns',
  tag,
  scope: 'data:read',
  params,
  returns: {
    status: 200,
    body: z.strictObject({ time: z.array(z.string()), lat: Column, lon: Column, ele: Column }),
  },
  problems: ['not_found'],
})

export const getStreams = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}/streams',
  summary: 'Read what was measured during a session, in columns',
  description:
    '`time` is the union of all times; a stream without a value at a time has null there. With `points`, or when there are more than 100,000 times, only the rows that stand out are given.',
  tag,
  scope: 'data:read',
  params,
  query: z.strictObject({ points: z.coerce.number().int().min(3).max(100_000).optional() }),
  returns: {
    status: 200,
    body: z.strictObject({
      time: z.array(z.string()),
      streams: z.record(z.string(), z.strictObject({ unit: z.string(), values: Column })),
    }),
  },
  problems: ['not_found'],
})

export const getLaps = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}/laps',
  summary: 'Read the laps, pauses and stages of a session',
  tag,
  scope: 'data:read',
  params,
  returns: { status: 200, body: z.strictObject({ items: z.array(SessionPart), next_cursor: z.null() }) },
  problems: ['not_found'],
})

export const getFile = route({
  method: 'GET',
  path: '/api/v1/sessions/{session_id}/file',
  summary: 'Download the file a session came from, byte for byte',
  tag,
  scope: 'data:read',
  params,
  returns: { status: 200, description: 'The original file' },
  produces: ['application/octet-stream'],
  problems: ['not_found'],
})

const importTag = 'Imports'

export const importStatuses = ['queued', 'reading', 'done', 'partial', 'failed', 'cancelled'] as const

export const Import = z.strictObject({
  import_id: Uuid,
  user_id: Uuid,
  status: z.enum(importStatuses),
  bytes: z.number().int().meta({ description: 'Read so far' }),
  bytes_total: z.number().int(),
  records: z.number().int(),
  eta_seconds: z.number().nullable(),
  created_at: z.string(),
  finished_at: z.string().nullable(),
  files: z.array(
    z.strictObject({
      file_id: Uuid,
      name: z.string(),
      format: z.string().nullable(),
      bytes: z.number().int(),
      status: z.enum([...importStatuses, 'duplicate']),
      records: z.number().int(),
      samples: z.number().int().meta({ description: 'New samples' }),
      changed: z.number().int(),
      duplicates: z.number().int(),
      sessions: z.number().int(),
      session_ids: z.array(Uuid),
      rejected: z.number().int(),
      rejections: z.array(z.strictObject({ index: z.number().int(), code: z.string(), detail: z.string() })),
      warnings: z.array(z.strictObject({ code: z.string(), detail: z.string() })),
      reason: z.string().nullable(),
    }),
  ),
})

export const createImport = route({
  method: 'POST',
  path: '/api/v1/imports',
  summary: 'Import activity files',
  description:
    'FIT, TCX and GPX, also as .gz: multipart with one or more fields `file`, or the bytes of one file with `?filename=`. The same file twice adds nothing twice.',
  tag: importTag,
  scope: 'data:write',
  query: z.strictObject({ filename: z.string().min(1).max(255).optional() }),
  consumes: ['multipart/form-data', 'application/octet-stream'],
  returns: { status: 202, body: z.strictObject({ import_id: Uuid }) },
  problems: ['payload_too_large', 'media_type_unsupported', 'busy', 'storage_full'],
})

export const listImports = route({
  method: 'GET',
  path: '/api/v1/imports',
  summary: 'List imports, newest first',
  tag: importTag,
  scope: 'data:read',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(400).optional(),
  }),
  returns: { status: 200, body: z.strictObject({ items: z.array(Import), next_cursor: z.string().nullable() }) },
  problems: ['cursor_invalid'],
})

export const getImport = route({
  method: 'GET',
  path: '/api/v1/imports/{import_id}',
  summary: 'Read one import and its files',
  tag: importTag,
  scope: 'data:read',
  params: z.strictObject({ import_id: Uuid }),
  returns: { status: 200, body: Import },
  problems: ['not_found'],
})
