import { z } from 'zod'
import { Flag, FreeForm, Instant, paging, repeated, Uuid } from '../fields.ts'
import { route } from '../route.ts'

const tag = 'Data of a device'
const params = z.strictObject({ device_id: Uuid })

/** Quality as a device states it: a word, or 0–1 (kept to six decimals). It is given back as it was sent. */
export const Quality = z.union([z.enum(['good', 'fair', 'poor', 'unknown']), z.number().min(0).max(1)])

/**
 * One value. A plain metric has `value`; the compound types have their parts instead:
 * blood_pressure `{systolic, diastolic}`, gps `{lat, lon, ele?}`, sleep `{stage, start, end}`.
 */
export const Value = z.strictObject({
  timestamp: Instant.optional().meta({
    description: "The batch's timestamp when absent; the start when `end` is given",
  }),
  end: Instant.optional(),
  date: z.iso.date().optional().meta({ description: 'For a value that the device states for a whole local day' }),
  value: z.union([z.number(), z.string().max(100)]).optional(),
  unit: z.string().max(40).optional(),
  quality: Quality.optional(),
  systolic: z.number().optional(),
  diastolic: z.number().optional(),
  mean: z.number().optional(),
  lat: z.number().optional(),
  lon: z.number().optional(),
  ele: z.number().optional(),
  stage: z.string().max(40).optional(),
  start: Instant.optional(),
})

const Metadata = z.looseObject({
  source: z.string().max(200).optional(),
  accuracy: z.number().min(0).max(1).optional(),
  battery_level: z.number().int().min(0).max(100).optional(),
  signal_strength: z.string().max(20).optional(),
})

/** Document 2's upload body. */
export const ValuesBody = z.strictObject({
  data_type: z.string().min(1).max(50),
  timestamp: Instant.optional(),
  unit: z.string().max(40).optional(),
  values: z.array(Value).min(1),
  metadata: Metadata.optional(),
})

/** The same in columns: eleven times smaller. `dt` is milliseconds from the sample before, the first from `t0`. */
export const ColumnsBody = z.strictObject({
  data_type: z.string().min(1).max(50),
  unit: z.string().max(40).optional(),
  t0: Instant,
  dt: z.array(z.number().int()).min(1),
  v: z.array(z.number()).min(1),
  d: z.array(z.number().int().min(0)).optional().meta({ description: 'Length of each value, milliseconds' }),
  q: z.array(Quality).optional(),
  metadata: Metadata.optional(),
})

export const UploadBody = z.union([ValuesBody, ColumnsBody])

/** What became of one body. received = accepted + changed + duplicates + suppressed + rejected. */
export const UploadResult = z.strictObject({
  batch_id: Uuid,
  device_id: Uuid,
  data_type: z.string(),
  received: z.number().int(),
  accepted: z.number().int(),
  duplicates: z.number().int(),
  changed: z.number().int(),
  suppressed: z.number().int(),
  rejected: z.array(z.strictObject({ index: z.number().int(), code: z.string(), detail: z.string() })),
  quality_score: z.number().nullable(),
  validated: z.boolean(),
  processed: z.boolean(),
})

export const UploadTotals = z.strictObject({
  received: z.number().int(),
  accepted: z.number().int(),
  duplicates: z.number().int(),
  changed: z.number().int(),
  suppressed: z.number().int(),
  rejected: z.number().int(),
})

/** In an array or NDJSON a body that could not be used at all keeps its place and says why. */
const FailedBody = z.strictObject({
  index: z.number().int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.strictObject({ pointer: z.string(), code: z.string().optional(), detail: z.string() })).optional(),
})

export const uploadData = route({
  method: 'POST',
  path: '/api/v1/devices/{device_id}/data',
  summary: 'Store what a device measured',
  description:
    'One body, an array of bodies, or NDJSON with a body a line; gzip and br are taken. A value that cannot be kept is named with index, code and reason and never costs the others. Answered after the data is durable. Of a key that stands twice in a JSON object the last one counts.',
  tag,
  scope: 'data:write',
  deviceToken: true,
  params,
  body: z.union([UploadBody, z.array(UploadBody).min(1)]).meta({
    examples: [
      {
        data_type: 'heart_rate',
        unit: 'bpm',
        values: [
          { timestamp: '2026-01-31T08:30:00Z', value: 62, quality: 'good' },
          { timestamp: '2026-01-31T08:31:00Z', value: 64 },
        ],
        metadata: { battery_level: 85 },
      },
    ],
  }),
  consumes: ['application/x-ndjson'],
  returns: {
    status: 201,
    body: z.union([
      UploadResult,
      z.strictObject({ results: z.array(z.union([UploadResult, FailedBody])), totals: UploadTotals }),
    ]),
  },
  problems: [
    'not_found',
    'invalid_json',
    'data_type_unknown',
    'all_values_rejected',
    'payload_too_large',
    'media_type_unsupported',
    'encoding_unsupported',
    'busy',
    'storage_full',
  ],
})

/** raw, a bucket (`1m 5m 15m 30m 1h 6h 1d`), or a number of points. */
const shape = {
  resolution: z.enum(['raw', '1m', '5m', '15m', '30m', '1h', '6h', '1d']).optional(),
  points: z.coerce.number().int().min(3).max(10_000).optional(),
  method: z
    .enum(['minmax', 'lttb'])
    .default('minmax')
    .meta({ description: 'How `points` chooses: minmax keeps every peak, lttb keeps the look' }),
}

export const Point = z.strictObject({
  timestamp: z.string(),
  end: z.string().optional(),
  date: z.string().optional(),
  value: z.union([z.number(), z.string()]).nullable().optional(),
  quality: Quality.optional(),
  method: z.string().optional(),
  utc_offset_minutes: z.number().int().optional(),
  original_unit: z.string().optional(),
  /** Of a bucket: how many samples it stands for, and their spread. */
  n: z.number().int().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  sum: z.number().optional(),
  systolic: z.number().optional(),
  diastolic: z.number().optional(),
  mean: z.number().optional(),
  lat: z.number().optional(),
  lon: z.number().optional(),
  ele: z.number().optional(),
  stage: z.string().optional(),
})

const Line = z.strictObject({ data_type: z.string(), unit: z.string(), values: z.array(Point) })

export const getData = route({
  method: 'GET',
  path: '/api/v1/devices/{device_id}/data',
  summary: 'Read what a device measured',
  description:
    'Oldest first, by time and then by type. `limit` counts over all types. With `resolution` or `points` the samples are summed up; otherwise `next_cursor` leads through all of them.',
  tag,
  scope: 'data:read',
  params,
  query: z.strictObject({
    data_type: repeated(z.string().min(1).max(50)).optional(),
    start_time: Instant.optional(),
    end_time: Instant.optional(),
    limit: z.coerce.number().int().min(1).max(100_000).default(1_000),
    cursor: z.string().max(400).optional(),
    ...shape,
    format: z.enum(['json', 'csv', 'ndjson']).default('json'),
  }),
  returns: {
    status: 200,
    body: z.strictObject({ device_id: Uuid, data: z.array(Line), next_cursor: z.string().nullable() }),
  },
  produces: ['text/csv', 'application/x-ndjson'],
  problems: ['not_found', 'data_type_unknown', 'range_invalid', 'cursor_invalid'],
})

export const getLatestData = route({
  method: 'GET',
  path: '/api/v1/devices/{device_id}/data/latest',
  summary: 'Read the newest value of each type',
  tag,
  scope: 'data:read',
  params,
  query: z.strictObject({ data_type: repeated(z.string().min(1).max(50)).optional() }),
  returns: {
    status: 200,
    body: z.strictObject({
      device_id: Uuid,
      data: z.array(z.strictObject({ data_type: z.string(), unit: z.string(), ...Point.shape })),
    }),
  },
  problems: ['not_found', 'data_type_unknown'],
})

export const deleteData = route({
  method: 'DELETE',
  path: '/api/v1/devices/{device_id}/data',
  summary: 'Delete what a device measured',
  tag,
  scope: 'data:write',
  params,
  query: z.strictObject({
    data_type: repeated(z.string().min(1).max(50)).optional(),
    start_time: Instant.optional(),
    end_time: Instant.optional(),
    all: Flag.optional().meta({ description: 'Needed when there is no other filter' }),
    suppress: Flag.optional().meta({ description: 'true: it stays deleted when it is sent again' }),
  }),
  returns: { status: 200, body: z.strictObject({ deleted: z.number().int() }) },
  problems: ['not_found', 'data_type_unknown', 'filter_required', 'range_invalid'],
})

export const listBatches = route({
  method: 'GET',
  path: '/api/v1/devices/{device_id}/data/batches',
  summary: 'List what was uploaded, newest first',
  tag,
  scope: 'data:read',
  params,
  query: z.strictObject({
    data_type: z.string().max(50).optional(),
    start_time: Instant.optional(),
    end_time: Instant.optional(),
    ...paging,
  }),
  returns: {
    status: 200,
    body: z.array(
      z.strictObject({
        batch_id: Uuid,
        device_id: Uuid,
        data_type: z.string(),
        timestamp: z.string(),
        received: z.number().int(),
        accepted: z.number().int(),
        duplicates: z.number().int(),
        changed: z.number().int(),
        suppressed: z.number().int(),
        rejected: z.number().int(),
        metadata: FreeForm,
        quality_score: z.number().nullable(),
        validated: z.boolean(),
        processed: z.boolean(),
        created_at: z.string(),
      }),
    ),
  },
  problems: ['not_found'],
})

const timelineTag = 'The timeline'

/** One source's own line. Choosing between sources comes with reconciliation; until then every source is shown as it is. */
const SourceLine = z.strictObject({
  metric: z.string(),
  unit: z.string(),
  source: z.strictObject({
    source_id: Uuid,
    name: z.string(),
    kind: z.enum(['device', 'connection', 'app', 'file', 'manual']),
    device_id: Uuid.nullable(),
    is_demo: z.boolean().optional().meta({ description: 'Made by the demo, and removed with it' }),
  }),
  n: z.number().int().meta({ description: 'Samples in the range before they were summed up' }),
  values: z.array(Point),
})

export const getTimeline = route({
  method: 'GET',
  path: '/api/v1/timeline',
  summary: 'Read metrics over time, every source as its own line',
  tag: timelineTag,
  scope: 'data:read',
  query: z.strictObject({
    metric: repeated(z.string().min(1).max(50)),
    start_time: Instant,
    end_time: Instant,
    source: Uuid.optional(),
    ...shape,
    format: z.enum(['json', 'csv', 'ndjson']).default('json'),
  }),
  returns: {
    status: 200,
    body: z.strictObject({ start_time: z.string(), end_time: z.string(), lines: z.array(SourceLine) }),
  },
  produces: ['text/csv', 'application/x-ndjson'],
  problems: ['data_type_unknown', 'range_invalid', 'payload_too_large'],
})

export const listSeries = route({
  method: 'GET',
  path: '/api/v1/series',
  summary: 'List which metrics there are values of, by source',
  description:
    'Answered from headers, without reading a value. Of a value sent again with a change both may count until they are merged.',
  tag: timelineTag,
  scope: 'data:read',
  returns: {
    status: 200,
    body: z.strictObject({
      items: z.array(
        z.strictObject({
          metric: z.string(),
          unit: z.string(),
          source_id: Uuid,
          n: z.number().int(),
          first_time: z.string(),
          last_time: z.string(),
        }),
      ),
      next_cursor: z.null(),
    }),
  },
  problems: [],
})

export const createSample = route({
  method: 'POST',
  path: '/api/v1/samples',
  summary: 'Enter a value by hand',
  tag: timelineTag,
  scope: 'data:write',
  body: z.strictObject({
    metric: z.string().min(1).max(50),
    unit: z.string().max(40).optional(),
    ...Value.omit({ unit: true, quality: true }).shape,
  }),
  returns: {
    status: 201,
    body: z.strictObject({
      metric: z.string(),
      unit: z.string(),
      source_id: Uuid,
      result: z.enum(['accepted', 'changed', 'duplicate']),
      ...Point.shape,
    }),
  },
  problems: ['data_type_unknown', 'all_values_rejected'],
})

export const listSamples = route({
  method: 'GET',
  path: '/api/v1/samples',
  summary: 'List values entered by hand, newest first',
  tag: timelineTag,
  scope: 'data:read',
  query: z.strictObject({
    metric: z.string().max(50).optional(),
    start_time: Instant.optional(),
    end_time: Instant.optional(),
    limit: z.coerce.number().int().min(1).max(1_000).default(100),
    cursor: z.string().max(400).optional(),
  }),
  returns: {
    status: 200,
    body: z.strictObject({
      items: z.array(z.strictObject({ metric: z.string(), unit: z.string(), ...Point.shape })),
      next_cursor: z.string().nullable(),
    }),
  },
  problems: ['data_type_unknown', 'cursor_invalid'],
})

export const listMetrics = route({
  method: 'GET',
  path: '/api/v1/metrics',
  summary: 'Read the metric catalogue',
  tag: timelineTag,
  scope: 'public',
  returns: {
    status: 200,
    body: z.strictObject({
      items: z.array(
        z.looseObject({
          metric: z.string(),
          title: z.string(),
          unit: z.string(),
          kind: z.array(z.string()),
          group: z.string(),
          units: z.array(z.string()).meta({ description: 'Units that are taken and converted' }),
          aliases: z.array(z.string()),
        }),
      ),
      next_cursor: z.null(),
    }),
  },
  problems: [],
})
