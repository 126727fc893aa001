import { z } from 'zod'
import { route } from '../route.ts'

const tag = 'Operations'
const Part = z.enum(['connected', 'disconnected', 'disabled'])

export const Health = z.strictObject({
  status: z.enum(['healthy', 'unhealthy']),
  service: z.string(),
  version: z.string(),
  database: Part,
  redis: Part,
  kafka: Part,
})

export const getHealth = route({
  method: 'GET',
  path: '/health',
  summary: 'Ask whether the service lives',
  description: '503 only when the database is gone, with the same body.',
  tag,
  scope: 'public',
  returns: { status: 200, body: Health },
  problems: [],
})

export const getReady = route({
  method: 'GET',
  path: '/ready',
  summary: 'Ask whether requests are taken',
  tag,
  scope: 'public',
  returns: { status: 200, body: z.strictObject({ ready: z.literal(true) }) },
  problems: ['database_unavailable'],
})
