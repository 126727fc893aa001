/** How a request carries what opens a connection: in headers, in the query, or as a signature over all of it. */
import { randomBytes } from 'node:crypto'
import { type AppKeys, type Auth, type Once, type Provider, type Sent, signOAuth1 } from '@tributary/providers/kit'
import type { Clock } from '../platform/clock.ts'
import type { Tokens } from './tokens.ts'

export interface Opener {
  provider: Pick<Provider, 'headers'>
  auth: Auth
  /** The provider's id of the account, as far as it is known. */
  account: string
  tokens?: Tokens
  credentials?: Readonly<Record<string, string>>
}

export function signed(sent: Sent, opener: Opener, app: AppKeys | undefined, clock: Pick<Clock, 'now'>): Sent {
  const carried = carriedBy(sent, opener, app, clock)
  const url = new URL(sent.url)
  for (const [name, value] of Object.entries(carried.query ?? {})) url.searchParams.set(name, value)
  return {
    ...sent,
    url,
    headers: { accept: 'application/json', ...opener.provider.headers?.(app), ...carried.headers, ...sent.headers },
  }
}

/** Of each signature. */
export const onceAt = (clock: Pick<Clock, 'now'>): Once => ({
  nonce: randomBytes(16).toString('hex'),
  seconds: Math.floor(clock.now() / 1_000),
})

interface Carried {
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
}

function carriedBy(
  sent: Sent,
  { auth, tokens, credentials, account }: Opener,
  app: AppKeys | undefined,
  clock: Pick<Clock, 'now'>,
): Carried {
  if (auth.kind === 'key') return { headers: auth.headers(credentials ?? {}) }
  const { accessToken = '', tokenSecret } = tokens ?? {}
  if (auth.kind === 'oauth2' && auth.carries) return auth.carries(accessToken, account)
  if (auth.kind !== 'oauth1') return { headers: { authorization: `Bearer ${accessToken}` } }
  const isForm = sent.headers['content-type'] === 'application/x-www-form-urlencoded'
  const keys = {
    consumerKey: app?.clientId ?? '',
    consumerSecret: app?.clientSecret ?? '',
    token: accessToken,
    ...(tokenSecret ? { tokenSecret } : {}),
  }
  const request = {
    method: sent.method,
    url: sent.url,
    ...(isForm ? { form: new URLSearchParams(sent.body ?? '') } : {}),
  }
  return { headers: { authorization: signOAuth1(request, keys, onceAt(clock)) } }
}
