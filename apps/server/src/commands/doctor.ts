/** `tributary doctor`: looks at everything a start needs, changes nothing, and says what to do. */
import { ConfigError, dataDirOf, dormantSettings, readConfig } from '../config.ts'
import { checkDataDir } from './doctor/check-data-dir.ts'
import { checkDatabase } from './doctor/check-database.ts'
import { checkMachine } from './doctor/check-machine.ts'
import { checkPort } from './doctor/check-port.ts'
import { type Finding, fail, ok, warn } from './doctor/finding.ts'
import { runCommand } from './run-command.ts'
import { readSettings } from './settings-given.ts'

const help = `Usage: tributary doctor [options]

Looks at everything that a start needs, changes nothing, and says what to do.

Options:
  --json             answer in JSON: {"findings": [{"name", "state", "says", "remedy"}]}
  --<setting> value  any setting of \`tributary start --help\`, as it would be at the start

Examples:
  tributary doctor
  tributary doctor --port 9000 --data-dir /srv/tributary
  tributary doctor --json | jq '.findings[] | select(.state != "ok")'

Exit codes: 0 nothing is in the way of a start, 1 something is, 2 the command line is wrong.`

const signs = { ok: 'ok   ', warn: 'warn ', fail: 'FAIL ' }

async function examine(words: string[]): Promise<Finding[]> {
  const env = readSettings(words)
  try {
    const config = readConfig(env)
    const dataDir = dataDirOf(config)
    return [
      ...checkMachine(!config.DATABASE_URL),
      ok('settings', 'all of them can be used'),
      ...dormantSettings(env).map(({ name, part }) => warn('settings', `${name} waits for ${part}`, 'nothing to do')),
      ...(await checkDataDir(dataDir, config.DISK_RESERVE_MB)),
      ...(await checkDatabase(config, dataDir)),
      await checkPort(config),
    ]
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return [...checkMachine(!env['DATABASE_URL']), fail('settings', error.message, 'correct it, then ask again')]
  }
}

function show({ name, state, says, remedy }: Finding): string {
  return `${signs[state]} ${name.padEnd(9)} ${says}${remedy ? `\n      ${''.padEnd(9)} → ${remedy}` : ''}`
}

await runCommand(async () => {
  const words = process.argv.slice(2)
  if (words.includes('--help') || words.includes('-h')) {
    console.log(help)
    return 0
  }
  const findings = await examine(words.filter((word) => word !== '--json'))
  console.log(words.includes('--json') ? JSON.stringify({ findings }) : findings.map(show).join('\n'))
  return findings.some(({ state }) => state === 'fail') ? 1 : 0
})
