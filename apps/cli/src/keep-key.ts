import { hostname } from 'node:os'
import { type Client, createClient } from '@tributary/sdk'
import { CommandError } from './exit.ts'
import { saveLogin } from './login-file.ts'

type SignedIn = Awaited<ReturnType<Client['login']>>

const reads = ['devices:read', 'data:read', 'sync:read', 'connections:read'] as const
const writes = ['devices:write', 'data:write', 'sync:write'] as const

/** Makes an API key for this machine, keeps it, and ends the sign-in that made it. `before` has the sign-in's own rights. */
export async function keepKeyOf(
  url: string,
  { user, access_token }: SignedIn,
  before: (client: Client) => Promise<unknown> = async () => undefined,
): Promise<void> {
  if (!access_token) throw new CommandError('the server answered no token')
  const client = createClient({ baseUrl: url, token: access_token })
  try {
    await before(client)
    const scopes = user.role === 'viewer' ? [...reads] : [...reads, ...writes]
    const { api_key, api_key_id } = await client.createApiKey({ body: { name: `tributary on ${hostname()}`, scopes } })
    await saveLogin({ url, email: user.email, apiKey: api_key, apiKeyId: api_key_id })
  } finally {
    await client.logout() // the key stays; the sign-in that made it has done its work
  }
}
