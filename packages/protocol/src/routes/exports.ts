import { z } from 'zod'
import { Instant, Uuid } from '../fields.ts'
import { route } from '../route.ts'

const tag = 'Exports'
const params = z.strictObject({ export_id: Uuid })

export const exportFormats = ['json', 'csv', 'ndjson', 'parquet', 'tributary'] as const

export const Export = z.strictObject({
  export_id: Uuid,
  user_id: Uuid,
  format: z.enum(exportFormats),
  status: z.enum(['queued', 'writing', 'done', 'failed']),
  progress: z.number().min(0).max(1),
  bytes: z.number().int(),
  samples: z.number().int(),
  sessions: z.number().int(),
  file_name: z.string(),
  reason: z.string().nullable(),
  created_at: z.string(),
  finished_at: z.string().nullable(),
  expires_at: z.string().nullable(),
})

export const createExport = route({
  method: 'POST',
  path: '/api/v1/exports',
  summary: 'Write data of a range into a file',
  description:
    'json, csv, ndjson and parquet hold a value a row; `tributary` is a zip of everything (samples, days, events, sessions with their tracks and files) that can be imported again.',
  tag,
  scope: 'data:read',
  body: z.strictObject({
    format: z.enum(exportFormats),
    start_time: Instant.optional(),
    end_time: Instant.optional(),
    metrics: z.array(z.string().min(1).max(50)).min(1).max(200).optional(),
  }),
  returns: { status: 202, body: Export },
  problems: ['data_type_unknown', 'range_invalid', 'storage_full'],
})

export const listExports = route({
  method: 'GET',
  path: '/api/v1/exports',
  summary: 'List exports, newest first',
  tag,
  scope: 'data:read',
  returns: { status: 200, body: z.strictObject({ items: z.array(Export), next_cursor: z.null() }) },
  problems: [],
})

export const getExport = route({
  method: 'GET',
  path: '/api/v1/exports/{export_id}',
  summary: 'Read how far an export is',
  tag,
  scope: 'data:read',
  params,
  returns: { status: 200, body: Export },
  problems: ['not_found'],
})

export const downloadExport = route({
  method: 'GET',
  path: '/api/v1/exports/{export_id}/file',
  summary: 'Download an export',
  tag,
  scope: 'data:read',
  params,
  returns: { status: 200, description: 'The file' },
  produces: ['application/octet-stream'],
  problems: ['not_found', 'export_not_ready'],
})

export const deleteExport = route({
  method: 'DELETE',
  path: '/api/v1/exports/{export_id}',
  summary: 'Delete an export, or stop it',
  tag,
  scope: 'data:read',
  params,
  returns: { status: 204 },
  problems: ['not_found'],
})
