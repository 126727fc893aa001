import { routes } from '@tributary/protocol'
import { version } from '../../version.ts'
import { Problem } from '../problem.ts'
import { Answer, handle } from './handle.ts'

/** `disabled` is the truth for parts that nothing uses yet, whatever their setting says. */
export const health = handle(routes.getHealth, async (_call, { config, db }) => {
  const alive = await db.ping()
  const body = {
    status: alive ? ('healthy' as const) : ('unhealthy' as const),
    service: config.SERVICE_NAME,
    version: config.SERVICE_VERSION ?? version,
    database: alive ? ('connected' as const) : ('disconnected' as const),
    redis: 'disabled' as const,
    kafka: 'disabled' as const,
  }
  return alive ? body : new Answer(503, body)
})

export const ready = handle(routes.getReady, async (_call, { db }) => {
  if (!(await db.ping())) throw new Problem('database_unavailable', undefined, { retryAfterSeconds: 2 })
  return { ready: true as const }
})
