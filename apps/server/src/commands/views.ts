/** `tributary views`: logins for whoever asks with SQL. They read the tables of the documents and nothing else. */
import { Command } from 'commander'
import { type InstallationOptions, installationWords } from './find-installation.ts'
import { runCommand } from './run-command.ts'
import { UsageError } from './settings-given.ts'
import type { ViewLogin } from './views/logins.queries.ts'
import { addLogin, type MadeLogin, removeLogin, showLogins } from './views/logins.ts'
import { type DatabaseEdges, withDatabase } from './with-database.ts'

interface Options extends InstallationOptions {
  json?: true
}

const program = new Command('tributary views')
  .description('Logins for SQL: they read the documents’ tables, read-only, and nothing else')
  .option('--json', 'answer in JSON')
  .option('--data-dir <dir>', 'where the data is, when not ./data of the project (DATA_DIR)')
  .option('--database-url <url>', 'the database, when it is not the embedded one (DATABASE_URL)')
  .addHelpText(
    'after',
    `
Tables: device_data.devices, .device_data, .sync_history, .device_health; provider_connections, sync_history, activities, workouts of doc1;
wearable_connections, wearable_sync_history, sleep_records of doc4.

Examples:
  tributary views login ada@example.org
  tributary views login --everybody
  psql "$(tributary views login ada@example.org --json | jq -r .url)" -c 'select * from device_data.devices'
  tributary views end views_0123456789

The embedded database answers on this machine alone, to the user that runs it, while the server runs.
Exit codes: 0 done, 1 failed, 2 the command line is wrong.`,
  )
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()

program
  .command('login')
  .argument('[email]', 'whose rows it reads')
  .description('Make a login; its password is shown once')
  .option('--everybody', 'it reads the rows of all people')
  .action((email: string | undefined, { everybody }: { everybody?: true }) => {
    if ((email === undefined) === (everybody === undefined))
      throw new UsageError('name an e-mail address, or --everybody, and not both')
    return answer((edges) => addLogin(edges, email ?? null), showMade)
  })

program
  .command('list')
  .description('List the logins')
  .action(() => answer(showLogins, showAll))

program
  .command('end')
  .argument('<login>')
  .description('End a login: it sees nothing any more, connected or not')
  .action((login: string) =>
    answer(
      (edges) => removeLogin(edges, login),
      () => `${login} is ended.`,
    ),
  )

async function answer<T>(work: (edges: DatabaseEdges) => Promise<T>, show: (result: T) => string): Promise<void> {
  const options = program.opts<Options>()
  const result = await withDatabase(installationWords(options), work)
  console.log(options.json ? JSON.stringify(result ?? { done: true }) : show(result))
}

const showMade = ({ login, url }: MadeLogin): string =>
  [`The login ${login} reads the views. Its password is in this address, and shown only now:`, url].join('\n')

function showAll(logins: ViewLogin[]): string {
  if (!logins.length) return 'There is no login for the views.'
  return logins
    .map(({ login, email, created_at }) =>
      [login.padEnd(18), created_at.toISOString().slice(0, 10), email ?? 'everybody'].join('  '),
    )
    .join('\n')
}

await runCommand(async () => {
  await program.parseAsync()
  return 0
})
