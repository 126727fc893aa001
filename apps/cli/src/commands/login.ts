import { hostname } from 'node:os'
import { text } from 'node:stream/consumers'
import { createClient } from '@tributary/sdk'
import type { Command } from 'commander'
import { askPassword, askText } from '../ask.ts'
import { type CommonOptions, findUrl } from '../connection.ts'
import { CommandError } from '../exit.ts'
import { forgetLogin, loginPath, readLogin, saveLogin } from '../login-file.ts'
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
The key may read and write devices, data and sync runs; it is kept in ${loginPath()}, readable by you alone.

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
  const password = options.passwordStdin
    ? (await text(process.stdin)).replace(/\r?\n$/, '')
    : await askPassword('Password', '--password-stdin')
  const signedIn = await createClient({ baseUrl: url }).login({ body: { email, password } })
  if (!signedIn.access_token) throw new CommandError('the server answered no token')
  const client = createClient({ baseUrl: url, token: signedIn.access_token })
  try {
    const { role } = signedIn.user
    const { api_key, api_key_id } = await client.createApiKey({
      body: {
        name: `tributary on ${hostname()}`,
        scopes:
          role === 'viewer'
            ? ['devices:read', 'data:read', 'sync:read']
            : ['devices:read', 'devices:write', 'data:read', 'data:write', 'sync:read', 'sync:write'],
      },
    })
    await saveLogin({ url, email, apiKey: api_key, apiKeyId: api_key_id })
  } finally {
    await client.logout() // the key stays; the sign-in that made it has done its work
  }
  print(command, { url, email, saved_in: loginPath() }, `Signed in to ${url} as ${email}.`)
}

async function logout(command: Command): Promise<void> {
  const login = await readLogin()
  await forgetLogin()
  if (login) note(`The key "tributary on ${hostname()}" still exists: revoke it in the web app if others may have it.`)
  print(command, { forgotten: Boolean(login) }, login ? `Forgot the key for ${login.url}.` : 'No key was kept here.')
}
