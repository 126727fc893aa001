/** Devices with an HTTP API of their own, described by a definition. What one may hold is judged by the server, which answers where it is wrong. */
import { z } from 'zod'
import { FreeForm, Uuid } from '../fields.ts'
import { route } from '../route.ts'
import { connectionStatuses } from './connections.ts'

const tag = 'Custom APIs'
const params = z.strictObject({ custom_api_id: Uuid })

const Definition = FreeForm.meta({
  description: 'Where to ask, how to page, and which JSONPath is which metric: see the guide “Custom APIs”',
})
const Credentials = z
  .record(z.string().max(100), z.string().max(8_192))
  .meta({ description: '`secret`, and `user` beside it for basic sign-in. Written, never read' })

export const CustomApi = z.strictObject({
  custom_api_id: Uuid,
  name: z.string(),
  connection_id: Uuid,
  short_id: z.string(),
  status: z.enum(connectionStatuses),
  definition: FreeForm.meta({ description: 'With its defaults filled in' }),
  created_at: z.string(),
  updated_at: z.string(),
})

export const createCustomApi = route({
  method: 'POST',
  path: '/api/v1/custom-apis',
  summary: 'Connect a device by its own API',
  description:
    'Makes a connection of provider `custom` and asks it for a month at once. Whatever is done with a connection is done with this one. Try the definition as a dry run first.',
  tag,
  scope: 'connections:write',
  body: z.strictObject({ definition: Definition, credentials: Credentials.optional() }),
  returns: { status: 201, body: CustomApi },
  problems: [],
})

export const listCustomApis = route({
  method: 'GET',
  path: '/api/v1/custom-apis',
  summary: 'List your custom APIs, newest first',
  tag,
  scope: 'connections:read',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: z.string().max(400).optional(),
  }),
  returns: { status: 200, body: z.strictObject({ items: z.array(CustomApi), next_cursor: z.string().nullable() }) },
  problems: ['cursor_invalid'],
})

export const getCustomApi = route({
  method: 'GET',
  path: '/api/v1/custom-apis/{custom_api_id}',
  summary: 'Read one custom API',
  tag,
  scope: 'connections:read',
  params,
  returns: { status: 200, body: CustomApi },
  problems: ['not_found'],
})

export const putCustomApi = route({
  method: 'PUT',
  path: '/api/v1/custom-apis/{custom_api_id}',
  summary: 'Replace the definition of a custom API',
  description:
    'Lists that were changed are read from the beginning. Without `credentials` the kept ones stay; they must be given again when the definition asks another server, or another way to sign in.',
  tag,
  scope: 'connections:write',
  params,
  body: z.strictObject({ definition: Definition, credentials: Credentials.optional() }),
  returns: { status: 200, body: CustomApi },
  problems: ['not_found', 'busy'],
})

export const deleteCustomApi = route({
  method: 'DELETE',
  path: '/api/v1/custom-apis/{custom_api_id}',
  summary: 'Disconnect a custom API and forget its definition',
  description: 'What was read stays, unless `data=delete`.',
  tag,
  scope: 'connections:write',
  params,
  query: z.strictObject({ data: z.enum(['keep', 'delete']).default('keep') }),
  returns: { status: 204 },
  problems: ['not_found', 'busy'],
})

const WouldStore = z.strictObject({
  feed: z.string(),
  record: z.number().int().meta({ description: 'The place of its record in the list, from 0' }),
  metric: z.string(),
  value: z.number(),
  unit: z.string().meta({ description: 'The catalogue’s, in which it would be stored' }),
  time: z.string().nullable().meta({ description: 'In UTC; null of a value for a date' }),
  end_time: z.string().nullable(),
  date: z.string().nullable(),
  utc_offset_minutes: z.number().int().nullable().meta({ description: 'Null when the device does not say' }),
})

const WouldRefuse = z.strictObject({
  feed: z.string(),
  record: z.number().int(),
  code: z.string(),
  detail: z.string(),
})

export const dryRunCustomApi = route({
  method: 'POST',
  path: '/api/v1/custom-apis/dry-run',
  summary: 'See what a definition would store',
  description:
    'Asks the device for the newest stretch of each list (a few pages), reads and judges the answer as a sync would, and stores nothing. With `sample` nothing is asked: the pasted answer is read.',
  tag,
  scope: 'connections:write',
  body: z.strictObject({
    definition: Definition,
    credentials: Credentials.optional(),
    custom_api_id: Uuid.optional().meta({
      description:
        'Whose kept credentials go along when none are given, if the definition asks the same server in the same way',
    }),
    feed: z.string().max(40).optional().meta({ description: 'One list of the definition; all of them when absent' }),
    sample: z.string().min(1).max(1_000_000).optional().meta({ description: 'An answer of the device, as JSON text' }),
  }),
  returns: {
    status: 200,
    body: z.strictObject({
      requests: z.array(
        z.strictObject({
          feed: z.string(),
          method: z.string(),
          address: z.string().meta({ description: 'Without anything secret' }),
          status: z.number().int().nullable().meta({ description: 'Null when there was no answer' }),
        }),
      ),
      feeds: z.array(
        z.strictObject({
          feed: z.string(),
          records: z.number().int(),
          readings: z.number().int().meta({ description: 'Values that would be stored' }),
          rejected: z.number().int(),
          has_more: z.boolean().meta({ description: 'There were more pages than a dry run asks for' }),
          error_code: z.string().nullable(),
          error_message: z.string().nullable(),
        }),
      ),
      readings: z.array(WouldStore).meta({ description: 'The first 50' }),
      rejections: z.array(WouldRefuse).meta({ description: 'The first 50' }),
    }),
  },
  problems: ['not_found'],
})
