import { createClient } from '@tributary/sdk'
import { type Command, Option } from 'commander'
import { askOneOf, askText, askTextOr, givenPassword } from '../ask.ts'
import { type CommonOptions, findUrl } from '../connection.ts'
import { CommandError } from '../exit.ts'
import { keepKeyOf } from '../keep-key.ts'
import { print } from '../output.ts'

const unitSystems = ['metric', 'imperial'] as const

interface SetupOptions extends CommonOptions {
  email?: string
  name?: string
  passwordStdin?: true
  timeZone?: string
  units?: (typeof unitSystems)[number]
  link?: string
}

export function addSetup(program: Command): void {
  program
    .command('setup')
    .description('Make the first account of a new installation, which owns it, with its units and time zone')
    .option('--email <address>', 'the address of the account')
    .option('--name <name>', 'how you are called')
    .option('--password-stdin', 'read the password from standard input')
    .option('--time-zone <zone>', 'where your days begin, e.g. Europe/Oslo; that of this machine when not said')
    .addOption(new Option('--units <system>', 'metric when not said').choices([...unitSystems]))
    .option('--link <url>', 'the set-up link that the server printed: needed from another machine')
    .addHelpText(
      'after',
      `
What is not said is asked. Afterwards this machine is signed in, as after \`tributary login\`.
Where there is an owner already nothing is changed, and it ends with 1.

Examples:
  tributary setup
  tributary setup --link "https://hub.example/setup?token=…"
  pass show hub | tributary setup --email ada@example.org --password-stdin --time-zone Europe/Oslo --units metric`,
    )
    .action((_options, command: Command) => setup(command))
}

async function setup(command: Command): Promise<void> {
  const options = command.optsWithGlobals<SetupOptions>()
  const { url, token } = options.link ? readLink(options.link) : { url: await findUrl(options), token: undefined }
  const client = createClient({ baseUrl: url })
  const state = await client.getSetup({ query: token === undefined ? {} : { token } })
  if (!state.needs_owner) throw new CommandError(`${url} has an owner already: \`tributary login\` signs in`)
  if (!state.may_create)
    throw new CommandError(
      'the first account takes the set-up link: the server printed it at its start; give it with --link',
    )
  const email = options.email ?? (await askText('E-mail address of your account', '--email'))
  const password = await givenPassword(options)
  const zone = options.timeZone ?? (await askTextOr('Time zone', Intl.DateTimeFormat().resolvedOptions().timeZone))
  const units = options.units ?? (await askOneOf('Units', unitSystems, 'metric'))
  const signedIn = await client.register({
    body: {
      email,
      password,
      time_zone: zone,
      ...(options.name ? { display_name: options.name } : {}),
      ...(token === undefined ? {} : { setup_token: token }),
    },
  })
  await keepKeyOf(url, signedIn, (owner) => owner.updateMe({ body: { units } }))
  print(
    command,
    { url, email, time_zone: zone, units },
    `${url} is yours: signed in as ${email}, ${zone}, ${units} units. Next: \`tributary import\`, or connect a brand in the web app.`,
  )
}

function readLink(link: string): { url: string; token: string } {
  const { origin, searchParams } = URL.canParse(link)
    ? new URL(link)
    : { origin: '', searchParams: new URLSearchParams() }
  const token = searchParams.get('token')
  if (!token) throw new CommandError('--link takes the whole set-up link, as the server printed it')
  return { url: origin, token }
}
