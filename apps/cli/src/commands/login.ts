import { hostname } from 'node:os'
import { createClient } from '@tributary/sdk'
import type { Command } from 'commander'
import { askText, givenPassword } from '../ask.ts'
import { type CommonOptions, findUrl } from '../connection.ts'
import { keepKeyOf } from '../keep-key.ts'
import { forgetLogin, loginPath, readLogin } from '../login-file.ts'
import { note, print } from '../output.ts'

interface LoginOptions extends CommonOptions {
  email?: string
  passwordStdin?: true
}

export function addLogin(program: Command): void {
  program
    .command('login')
    .description('Sign in once: makes an API key for this machine and keeps it')
    .option('--email <address>', 'whose account')
    .option('--password-stdin', 'read the password from standard input')
    .addHelpText(
      'after',
      `
The key may read and write devices, data and sync runs, and read connections; it is kept in ${loginPath()}, readable by you alone.

Examples:
  tributary login
  tributary login --url https://hub.example --email ada@example.org
  pass show hub | tributary login --email ada@example.org --password-stdin`,
    )
    .action((_options, command: Command) => login(command))

  program
    .command('logout')
    .description('Forget the key of this machine')
    .addHelpText('after', '\nExamples:\n  tributary logout')
    .action((_options, command: Command) => logout(command))
}

async function login(command: Command): Promise<void> {
  const options = command.optsWithGlobals<LoginOptions>()
  const url = await findUrl(options)
  const email = options.email ?? (await askText(`E-mail address at ${url}`, '--email'))
  const password = await givenPassword(options)
  const signedIn = await createClient({ baseUrl: url }).login({ body: { email, password } })
  await keepKeyOf(url, signedIn)
  print(command, { url, email, saved_in: loginPath() }, `Signed in to ${url} as ${email}.`)
}

async function logout(command: Command): Promise<void> {
  const login = await readLogin()
  await forgetLogin()
  if (login) note(`The key "tributary on ${hostname()}" still exists: revoke it in the web app if others may have it.`)
  print(command, { forgotten: Boolean(login) }, login ? `Forgot the key for ${login.url}.` : 'No key was kept here.')
}
