import { type Client, createClient } from '@tributary/sdk'
import type { Command } from 'commander'
import { CommandError } from './exit.ts'
import { readLogin } from './login-file.ts'

export const defaultUrl = 'http://127.0.0.1:8004'

/** What every command takes. */
export interface CommonOptions {
  json?: true
  url?: string
  token?: string
}

/** A server and who asks it. */
export interface Connection {
  client: Client
  /** Without a slash at its end. */
  url: string
  token: string
}

/** `--url`, else TRIBUTARY_URL, else where `tributary login` signed in, else this machine. */
export async function findUrl({ url }: CommonOptions): Promise<string> {
  return url ?? (await readLogin())?.url ?? defaultUrl
}

/** A client that is signed in: by `--token`, TRIBUTARY_TOKEN, or `tributary login` to the same server. */
export async function connect(command: Command): Promise<Client> {
  return (await connection(command)).client
}

/** As `connect`, for what no JSON client can do: files of any size. */
export async function connection(command: Command): Promise<Connection> {
  const options = command.optsWithGlobals<CommonOptions>()
  const baseUrl = await findUrl(options)
  const token = options.token ?? (await savedKeyFor(baseUrl))
  if (!token)
    throw new CommandError(`not signed in to ${baseUrl}: run \`tributary login\`, or give an API key with --token`)
  return { client: createClient({ baseUrl, token }), url: baseUrl.replace(/\/+$/, ''), token }
}

/** A key is only ever sent to the server that gave it. */
async function savedKeyFor(url: string): Promise<string | undefined> {
  const login = await readLogin()
  return login && new URL(login.url).origin === new URL(url).origin ? login.apiKey : undefined
}
