import { z } from 'zod'
import { Instant, Uuid } from '../fields.ts'
import { route } from '../route.ts'

const tag = 'What stays deleted'

/** What a person deleted and does not want back. Null means any. */
export const Suppression = z.strictObject({
  suppression_id: Uuid,
  source_id: Uuid.nullable(),
  source_name: z.string().nullable(),
  metric: z.string().nullable(),
  external_id: z.string().nullable().meta({ description: 'Of one session or event' }),
  title: z.string().nullable().meta({ description: 'What was deleted, for people' }),
  start_time: z.string().nullable(),
  end_time: z.string().nullable(),
  suppressed: z.number().int().meta({ description: 'How much it has kept away so far' }),
  created_at: z.string(),
})

export const listSuppressions = route({
  method: 'GET',
  path: '/api/v1/suppressions',
  summary: 'List what stays deleted, newest first',
  tag,
  scope: 'data:read',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(400).optional(),
  }),
  returns: { status: 200, body: z.strictObject({ items: z.array(Suppression), next_cursor: z.string().nullable() }) },
  problems: ['cursor_invalid'],
})

export const createSuppression = route({
  method: 'POST',
  path: '/api/v1/suppressions',
  summary: 'Delete a range and keep it deleted',
  description: 'What is stored there goes; what a source sends of it later is counted as suppressed and not kept.',
  tag,
  scope: 'data:write',
  body: z.strictObject({
    source_id: Uuid.optional(),
    metric: z.string().min(1).max(50).optional(),
    start_time: Instant,
    end_time: Instant,
  }),
  returns: { status: 201, body: Suppression.extend({ deleted: z.number().int() }) },
  problems: ['not_found', 'data_type_unknown', 'range_invalid'],
})

export const deleteSuppression = route({
  method: 'DELETE',
  path: '/api/v1/suppressions/{suppression_id}',
  summary: 'Let it come back when its source sends it again',
  tag,
  scope: 'data:write',
  params: z.strictObject({ suppression_id: Uuid }),
  returns: { status: 204 },
  problems: ['not_found'],
})
