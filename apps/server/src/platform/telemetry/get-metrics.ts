import { routes } from '@tributary/protocol'
import { version } from '../../version.ts'
import { handle, sent } from '../http/handle.ts'
import { processFamilies } from './process-families.ts'
import { textType, writeText } from './write-text.ts'

export const getMetrics = handle(routes.getMetrics, async ({ reply }, { config, telemetry, work }) => {
  const families = [
    ...processFamilies(config.SERVICE_VERSION ?? version),
    ...telemetry.families(),
    ...(await work.read()),
  ]
  reply.header('cache-control', 'no-store').type(textType).send(writeText(families))
  return sent
})
