import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { addDemo } from './commands/demo.ts'
import { addDevices } from './commands/devices.ts'
import { addExport } from './commands/export.ts'
import { addImport } from './commands/import.ts'
import { addLogin } from './commands/login.ts'
import { addServerCommands } from './commands/of-server.ts'
import { addSetup } from './commands/setup.ts'
import { addSync } from './commands/sync.ts'
import { defaultUrl } from './connection.ts'
import { endWith } from './exit.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

const program = new Command('tributary')
  .description('Brings your health and fitness data into one place, and asks it.')
  .version(version)
  .option('--json', 'answer in JSON on standard output')
  .addOption(
    new Option('--url <url>', `the server (default: ${defaultUrl}, or where you signed in)`).env('TRIBUTARY_URL'),
  )
  .addOption(new Option('--token <key>', 'an API key, instead of `tributary login`').env('TRIBUTARY_TOKEN'))
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(--help shows what there is)')
  .addHelpText(
    'after',
    `
Examples:
  tributary start
  tributary setup
  tributary login
  tributary import ~/Downloads/activities
  tributary sync
  tributary export --format csv --from 2026-01-01 -o year.csv
  tributary backup /backups/today.trb
  tributary devices add --type scale --name "Bathroom scale" --with-token
  tributary devices list --json

The answer goes to standard output, progress and questions to standard error.
Exit codes: 0 done, 1 failed, 2 the command line is wrong.`,
  )
  .exitOverride()

addServerCommands(program)
addSetup(program)
addLogin(program)
addImport(program)
addSync(program)
addExport(program)
addDemo(program)
addDevices(program)

await endWith(async () => {
  if (process.argv.length <= 2) {
    program.outputHelp()
    return
  }
  await program.parseAsync()
})
