import { z } from 'zod'
import { route } from '../route.ts'

const tag = 'Demo data'

const Demo = z.strictObject({
  status: z.enum(['absent', 'loading', 'ready', 'removing']),
  progress: z.number().min(0).max(1).nullable(),
  devices: z.number().int(),
  samples: z.number().int(),
  sessions: z.number().int(),
})

export const getDemo = route({
  method: 'GET',
  path: '/api/v1/demo',
  summary: 'See whether there is demo data',
  tag,
  scope: 'data:read',
  returns: { status: 200, body: Demo },
  problems: [],
})

export const createDemo = route({
  method: 'POST',
  path: '/api/v1/demo',
  summary: 'Add a year of a believable person, marked as demo everywhere',
  tag,
  scope: 'data:write',
  returns: { status: 202, body: Demo },
  problems: ['storage_full'],
})

export const deleteDemo = route({
  method: 'DELETE',
  path: '/api/v1/demo',
  summary: 'Remove all demo data and nothing else',
  tag,
  scope: 'data:write',
  returns: { status: 200, body: Demo },
  problems: [],
})
