import { z } from 'zod'
import { Uuid } from '../fields.ts'
import { route } from '../route.ts'

const importTag = 'Imports'

export const importStatuses = ['queued', 'reading', 'done', 'partial', 'failed', 'cancelled'] as const

/** `waiting`: a table whose columns nobody has named yet (csv-mappings). */
export const importFileStatuses = [...importStatuses, 'duplicate', 'waiting'] as const

const ImportFile = z.strictObject({
  file_id: Uuid,
  position: z.number().int(),
  name: z.string().meta({ description: 'Of a file inside an archive: `archive.zip › path`' }),
  format: z.string().nullable(),
  bytes: z.number().int(),
  status: z.enum(importFileStatuses),
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
})

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
  files: z
    .array(ImportFile)
    .meta({ description: 'The first hundred, failed, waiting and partial ones first; GET …/files pages through all' }),
  files_total: z.number().int(),
  files_by_status: z.partialRecord(z.enum(importFileStatuses), z.number().int()),
  samples: z.number().int().meta({ description: 'New samples of all files' }),
  sessions: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.number().int(),
  deleted: z.number().int().meta({ description: 'What a newer full export no longer has, and was deleted here too' }),
})

export const createImport = route({
  method: 'POST',
  path: '/api/v1/imports',
  summary: 'Import files',
  description:
    'FIT, TCX, GPX, Apple Health, Takeout, Gadgetbridge, Mi Fitness, Zepp, Health Auto Export, CSV and our own export, also as .gz and .zip of many: multipart with one or more fields `file`, or the bytes of one file with `?filename=`. The same file twice adds nothing twice. Files over 100 MB go through resumable uploads (tus 1.0) at /api/v1/uploads.',
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

export const listImportFiles = route({
  method: 'GET',
  path: '/api/v1/imports/{import_id}/files',
  summary: 'List the files of an import, in the order they are read',
  tag: importTag,
  scope: 'data:read',
  params: z.strictObject({ import_id: Uuid }),
  query: z.strictObject({
    status: z.enum(importFileStatuses).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(400).optional(),
  }),
  returns: { status: 200, body: z.strictObject({ items: z.array(ImportFile), next_cursor: z.string().nullable() }) },
  problems: ['not_found', 'cursor_invalid'],
})

export const deleteImport = route({
  method: 'DELETE',
  path: '/api/v1/imports/{import_id}',
  summary: 'Cancel an import that is under way, or take back one that has ended',
  description:
    'With `data=remove` also what it brought is removed: sessions that came from its files, and the samples of sources that only it fed, over the times it covered. What another file says as well is kept.',
  tag: importTag,
  scope: 'data:write',
  params: z.strictObject({ import_id: Uuid }),
  query: z.strictObject({ data: z.enum(['keep', 'remove']).default('keep') }),
  returns: {
    status: 200,
    body: z.strictObject({
      status: z.enum(importStatuses),
      removed: z.strictObject({ samples: z.number().int(), sessions: z.number().int() }),
    }),
  },
  problems: ['not_found'],
})

const Column = z.string().min(1).max(200)

/** How a table is read: which column is the time, and which columns are values of which metric. */
export const CsvMapping = z.strictObject({
  mapping_id: Uuid,
  name: z.string(),
  columns: z.array(Column).meta({ description: 'The header it is for; a file with the same header is read with it' }),
  delimiter: z.enum([',', ';', '\t', '|']),
  time: z.strictObject({
    column: Column,
    format: z.enum(['iso', 'unix', 'unix_ms', 'ymd', 'dmy', 'mdy', 'excel']).meta({
      description: 'ymd, dmy and mdy: the order of the date, with or without a time of day',
    }),
    time_column: Column.optional().meta({ description: 'When date and time of day stand in two columns' }),
    time_zone: z
      .string()
      .max(64)
      .optional()
      .meta({ description: "Of times without an offset; the person's own when absent" }),
  }),
  decimal: z.enum(['.', ',']),
  values: z
    .array(
      z.strictObject({
        column: Column,
        metric: z.string().min(1).max(50),
        unit: z.string().max(40).optional(),
      }),
    )
    .min(1)
    .max(100),
  source_name: z.string().max(120).nullable(),
  created_at: z.string(),
})

export const listCsvMappings = route({
  method: 'GET',
  path: '/api/v1/csv-mappings',
  summary: 'List how tables are read',
  tag: importTag,
  scope: 'data:read',
  returns: { status: 200, body: z.strictObject({ items: z.array(CsvMapping), next_cursor: z.null() }) },
  problems: [],
})

export const createCsvMapping = route({
  method: 'POST',
  path: '/api/v1/csv-mappings',
  summary: 'Say how a table is read',
  description: 'One that is there for the same header is replaced. Files that wait for it are read at once.',
  tag: importTag,
  scope: 'data:write',
  body: CsvMapping.omit({ mapping_id: true, created_at: true }).partial({ source_name: true }),
  returns: { status: 201, body: CsvMapping },
  problems: ['data_type_unknown'],
})

export const deleteCsvMapping = route({
  method: 'DELETE',
  path: '/api/v1/csv-mappings/{mapping_id}',
  summary: 'Forget how a table is read',
  tag: importTag,
  scope: 'data:write',
  params: z.strictObject({ mapping_id: Uuid }),
  returns: { status: 204 },
  problems: ['not_found'],
})

export const previewImportFile = route({
  method: 'GET',
  path: '/api/v1/imports/{import_id}/files/{position}/preview',
  summary: 'Look at the first rows of a table that waits for its columns to be named',
  tag: importTag,
  scope: 'data:read',
  params: z.strictObject({ import_id: Uuid, position: z.coerce.number().int().min(0) }),
  returns: {
    status: 200,
    body: z.strictObject({
      delimiter: z.string(),
      columns: z.array(z.string()),
      rows: z.array(z.array(z.string())),
      guess: CsvMapping.pick({ time: true, decimal: true, values: true }).nullable().meta({
        description: 'What the names and values of the columns suggest',
      }),
    }),
  },
  problems: ['not_found', 'file_unreadable'],
})

const Quarantined = z.strictObject({
  record_id: Uuid,
  import_id: Uuid.nullable(),
  file_name: z.string().nullable(),
  format: z.string(),
  place: z.number().int(),
  code: z.string(),
  detail: z.string(),
  raw: z.string(),
  created_at: z.string(),
  connection_id: Uuid.nullable().optional().meta({ description: 'Set when a provider told it' }),
  feed: z.string().nullable().optional().meta({ description: 'The list of the provider that it came in' }),
})

export const listQuarantine = route({
  method: 'GET',
  path: '/api/v1/quarantine',
  summary: 'List records that could not be used, newest first',
  tag: importTag,
  scope: 'data:read',
  query: z.strictObject({
    import_id: Uuid.optional(),
    connection_id: Uuid.optional(),
    code: z.string().max(60).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(50),
    cursor: z.string().max(400).optional(),
  }),
  returns: {
    status: 200,
    body: z.strictObject({ items: z.array(Quarantined), next_cursor: z.string().nullable(), total: z.number().int() }),
  },
  problems: ['cursor_invalid'],
})

export const replayQuarantined = route({
  method: 'POST',
  path: '/api/v1/quarantine/{record_id}/replay',
  summary: 'Try a record again',
  description:
    'A record that is used now leaves the quarantine; one that still cannot be used stays, with its newest reason.',
  tag: importTag,
  scope: 'data:write',
  params: z.strictObject({ record_id: Uuid }),
  returns: {
    status: 200,
    body: z.strictObject({ used: z.boolean(), code: z.string().nullable(), detail: z.string().nullable() }),
  },
  problems: ['not_found'],
})

export const deleteQuarantined = route({
  method: 'DELETE',
  path: '/api/v1/quarantine/{record_id}',
  summary: 'Give a record up',
  tag: importTag,
  scope: 'data:write',
  params: z.strictObject({ record_id: Uuid }),
  returns: { status: 204 },
  problems: ['not_found'],
})
