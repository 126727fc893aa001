/** `tributary start`: the program as an operator runs it. One URL on success, one clear line on failure. */
import { ConfigError, dormantSettings, readConfig } from './config.ts'
import { MigrationError } from './platform/db/migrate.ts'
import { createLog } from './platform/log.ts'
import { WrongKeyError } from './platform/sealing.ts'
import { type Running, start } from './start.ts'

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLog({
    level: config.LOG_LEVEL,
    debug: config.DEBUG,
    service: config.SERVICE_NAME,
    environment: config.ENVIRONMENT,
  })
  const dormant = dormantSettings(process.env)
  if (dormant.length)
    log.warn(
      { settings: dormant },
      `these settings wait for parts that are not there yet: ${dormant.map(({ name, part }) => `${name} (${part})`).join(', ')}`,
    )
  const running = await start({ config, log })
  console.log(`\n  Tributary is at ${running.url}\n`)
  if (running.setupLink) console.log(`  Make your account (this link works once): ${running.setupLink}\n`)
  stopOnSignals(running)
}

function stopOnSignals(running: Running): void {
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    // Work in hand gets ten seconds; a request that never ends must not keep the program alive.
    const late = setTimeout(() => process.exit(1), 15_000)
    late.unref()
    await running.stop()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch((error: unknown) => {
  const plain = [ConfigError, MigrationError, WrongKeyError].some((kind) => error instanceof kind)
  console.error(
    plain && error instanceof Error
      ? `tributary: ${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}`
      : error,
  )
  process.exit(1)
})
