/** The program, but that a day is compacted as soon as it is over: what is done to it meets compactions, which else come by the quarter of an hour. */
import { readSettings } from '../src/commands/settings-given.ts'
import { readConfig } from '../src/config.ts'
import { createLog } from '../src/platform/log.ts'
import { start } from '../src/start.ts'
import { stopOnSignals } from '../src/stop-on-signals.ts'

const config = readConfig(readSettings([]))
const log = createLog({
  level: config.LOG_LEVEL,
  debug: config.DEBUG,
  service: config.SERVICE_NAME,
  environment: config.ENVIRONMENT,
})
const stops = stopOnSignals()
stops.started(await start({ config, log, compaction: { intervalMs: 100, quietMs: 0 } }))
