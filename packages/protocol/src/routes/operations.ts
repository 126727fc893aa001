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

export const getMetrics = route({
  method: 'GET',
  path: '/metrics',
  summary: 'Figures of the program, for Prometheus',
  description:
    'Their names begin with `tributary_`: the process, requests by operation and status, samples stored, sync runs, renewals of tokens, connections, and what waits. Numbers of everybody together: no person, device, path or value is named.',
  tag,
  scope: 'admin',
  thisMachine: true,
  returns: { status: 200, description: "Prometheus' text format, version 0.0.4" },
  produces: ['text/plain'],
  problems: [],
})
