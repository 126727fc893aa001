/** `tributary users`: what the operator does to accounts, on the machine that has the data. */
import { text } from 'node:stream/consumers'
import { Command, Option } from 'commander'
import { disableUser, enableUser, inviteUser, type ListedUser, listUsers, resetPassword } from '../accounts/commands.ts'
import { type InstallationOptions, installationWords } from './find-installation.ts'
import { runCommand } from './run-command.ts'
import { UsageError } from './settings-given.ts'
import { withDatabase } from './with-database.ts'

interface Options extends InstallationOptions {
  json?: true
}

const examples = `
Examples:
  tributary users list
  tributary users invite --role member
  tributary users reset ada@example.org
  echo 'a new pass phrase' | tributary users reset ada@example.org --password-stdin

Works on the machine that has the data, whether the server runs or not.
Exit codes: 0 done, 1 failed, 2 the command line is wrong.`

const program = new Command('tributary users')
  .description('The accounts of this installation')
  .option('--json', 'answer in JSON')
  .option('--data-dir <dir>', 'where the data is, when not ./data of the project (DATA_DIR)')
  .option('--database-url <url>', 'the database, when it is not the embedded one (DATABASE_URL)')
  .addHelpText('after', examples)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()

program
  .command('list')
  .description('List all accounts')
  .action(() => answer((edges) => listUsers(edges), showUsers))

program
  .command('reset')
  .argument('<email>')
  .description('Give an account a new password and end its sign-ins')
  .option('--password-stdin', 'read the new password from standard input instead of making one')
  .action(async (email: string, { passwordStdin }: { passwordStdin?: true }) => {
    const wanted = passwordStdin ? await readPassword() : undefined
    await answer(
      (edges) => resetPassword(edges, email, wanted),
      ({ password }) =>
        wanted ? `The password of ${email} was changed.` : `The new password of ${email}: ${password}`,
    )
  })

program
  .command('invite')
  .description('Make an invite, with which one person may register')
  .addOption(
    new Option('--role <role>', 'what the person may do').choices(['admin', 'member', 'viewer']).default('member'),
  )
  .action(({ role }: { role: 'admin' | 'member' | 'viewer' }) =>
    answer(
      (edges) => inviteUser(edges, role),
      ({ invite, expires_at }) => `The invite, good for one account until ${expires_at}: ${invite}`,
    ),
  )

program
  .command('disable')
  .argument('<email>')
  .description('Refuse an account; its data is kept')
  .action((email: string) =>
    answer(
      (edges) => disableUser(edges, email),
      () => `${email} can no longer sign in.`,
    ),
  )

program
  .command('enable')
  .argument('<email>')
  .description('Let a disabled account in again')
  .action((email: string) =>
    answer(
      (edges) => enableUser(edges, email),
      () => `${email} can sign in again.`,
    ),
  )

async function answer<T>(work: Parameters<typeof withDatabase<T>>[1], show: (result: T) => string): Promise<void> {
  const options = program.opts<Options>()
  const result = await withDatabase(installationWords(options), work)
  console.log(options.json ? JSON.stringify(result ?? { done: true }) : show(result))
}

function showUsers(users: ListedUser[]): string {
  if (!users.length) return 'There is no account yet.'
  return users
    .map(({ email, role, disabled, created_at }) =>
      [email.padEnd(40), role.padEnd(8), created_at.slice(0, 10), disabled ? 'disabled' : ''].join('  ').trimEnd(),
    )
    .join('\n')
}

async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) throw new UsageError('--password-stdin reads a pipe: echo … | tributary users reset …')
  const password = (await text(process.stdin)).replace(/\r?\n$/, '')
  if (!password) throw new UsageError('standard input held no password')
  return password
}

await runCommand(async () => {
  await program.parseAsync()
  return 0
})
