/** `tributary start`: the program as an operator runs it. One URL on success, one clear line on failure. */
import { explain } from './commands/run-command.ts'
import { describeSettings, readSettings } from './commands/settings-given.ts'
import { dormantSettings, readConfig } from './config.ts'
import { createLog } from './platform/log.ts'
import { start } from './start.ts'
import { stopOnSignals } from './stop-on-signals.ts'
import { version } from './version.ts'

const help = `Starts Tributary: the server, and its database unless DATABASE_URL names another.

  npm start                         on http://127.0.0.1:8004, with its data in ./data
  npm start -- --port 9000          every setting is an option, a variable of the environment, or a line of .env
  npm start -- --demo               with a year of demo data, which one click removes
  npm start -- --host 0.0.0.0 --public-url https://hub.example

${describeSettings()}

The names in capitals are secrets and are read from the environment or .env only. Settings of parts that are not there yet: .env.example.
Exit codes: 0 stopped when asked to, 1 it could not start, 2 the command line or a setting is wrong.`

async function main(): Promise<void> {
  const words = process.argv.slice(2)
  if (words.includes('--help') || words.includes('-h')) return console.log(help)
  if (words.includes('--version')) return console.log(version)
  const env = readSettings(words)
  const config = readConfig(env)
  const log = createLog({
    level: config.LOG_LEVEL,
    debug: config.DEBUG,
    service: config.SERVICE_NAME,
    environment: config.ENVIRONMENT,
  })
  const dormant = dormantSettings(env)
  if (dormant.length)
    log.warn(
      { settings: dormant },
      `these settings wait for parts that are not there yet: ${dormant.map(({ name, part }) => `${name} (${part})`).join(', ')}`,
    )
  const stops = stopOnSignals()
  const running = await start({ config, log })
  stops.started(running)
  console.log(`\n  Tributary is at ${running.url}\n`)
  if (config.DEMO)
    console.log(
      `  Demo data: ${running.setupLink ? 'a year of it is added as soon as you have made your account' : "it is in the owner's account"}; remove it under Settings, or with \`tributary demo remove\`.\n`,
    )
  if (running.setupLink) console.log(`  Make your account (this link works once): ${running.setupLink}\n`)
}

main().catch((error: unknown) => process.exit(explain(error)))
