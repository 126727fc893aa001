/** The talk with a provider that turns what a person brought back, or pasted, into a connection that can be saved. Nothing is stored here. */
import {
  type Auth,
  type Carry,
  createProviderHttp,
  type KeyAuth,
  type OAuth2,
  type Provider,
  type ProviderAccount,
  ProviderError,
  readTokenOutcome,
  type TokenAnswer,
  type TokenOutcome,
  tokenRequest,
} from '@tributary/providers/kit'
import type { Clock } from '../platform/clock.ts'
import type { Egress } from '../platform/egress/egress.ts'
import type { Apps, FoundApp } from './apps.ts'
import { send } from './create-calls.ts'
import type { SignedIn } from './save-connection.ts'
import { keepAnswer } from './tokens.ts'

export interface SignInEdges {
  apps: Apps
  egress: Egress
  clock: Clock
}

export interface BroughtBack {
  code: string
  verifier: string
  redirectUri: string
  region: string | null
  /** What was asked for, which counts when nobody says what was granted. */
  asked: readonly string[]
  parameters: URLSearchParams
}

const timeoutMs = 20_000

/** `kind: 'ok'` with the connection, or why the provider gave none. Throws `ProviderError` when it did not answer. */
export async function signInWithCode(
  edges: SignInEdges,
  provider: Provider,
  auth: OAuth2,
  app: FoundApp,
  brought: BroughtBack,
): Promise<{ kind: 'ok'; signedIn: SignedIn } | Exclude<TokenOutcome, { kind: 'ok' }>> {
  const { egress, apps, clock } = edges
  const isDemo = app.origin === 'demo'
  const standIns = apps.standInsOf(provider, { region: brought.region, isDemo })
  const request = tokenRequest(auth, app.keys, { grant: 'authorization_code', ...brought }, standIns)
  const outcome = readTokenOutcome(auth, await egress.request({ ...request, timeoutMs, maxBytes: 1_000_000 }))
  if (outcome.kind !== 'ok') return outcome
  const { token } = outcome
  const who = await accountOf(
    edges,
    provider,
    { region: brought.region, isDemo },
    token,
    (account) => ({
      ...provider.headers?.(app.keys),
      ...(auth.carries
        ? auth.carries(token.accessToken, account).headers
        : { authorization: `Bearer ${token.accessToken}` }),
    }),
    auth.carries?.(token.accessToken, token.account ?? '').query,
  )
  const scopes = who.scopes ?? auth.scopesOfRedirect?.(brought.parameters) ?? token.scopes ?? brought.asked
  return {
    kind: 'ok',
    signedIn: {
      authKind: 'oauth2',
      account: who.account,
      former: who.formerAccounts ?? [],
      profile: { ...token.profile, ...who.profile },
      scopes,
      region: brought.region,
      isDemo,
      tokens: keepAnswer(auth, token, undefined, clock.now()),
    },
  }
}

/** Throws `ProviderError('auth')` for a key that the provider does not know. */
export async function signInWithKey(
  edges: SignInEdges,
  provider: Provider,
  auth: KeyAuth,
  credentials: Readonly<Record<string, string>>,
  region: string | null,
): Promise<SignedIn> {
  const app = await edges.apps.find(provider)
  const isDemo = app?.origin === 'demo'
  const headers = { ...provider.headers?.(app?.keys), ...auth.headers(credentials) }
  const { account, profile, formerAccounts, scopes } = await accountOf(
    edges,
    provider,
    { region, isDemo },
    undefined,
    () => headers,
  )
  return {
    authKind: 'key',
    account,
    former: formerAccounts ?? [],
    profile,
    scopes: scopes ?? [],
    region,
    isDemo,
    credentials,
  }
}

async function accountOf(
  { apps, egress, clock }: SignInEdges,
  provider: Provider,
  where: { region: string | null; isDemo: boolean },
  token: TokenAnswer | undefined,
  headersFor: (account: string) => Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>> = {},
): Promise<ProviderAccount> {
  if (!provider.account) {
    if (token?.account) return { account: token.account, profile: {} }
    throw new ProviderError('bad_data', `${provider.name} did not say whose account it is`)
  }
  const carry: Carry = (sent) => {
    if (sent.withoutToken) return send(egress, sent)
    const url = new URL(sent.url)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    return send(egress, {
      ...sent,
      url,
      headers: { accept: 'application/json', ...headersFor(token?.account ?? ''), ...sent.headers },
    })
  }
  const http = createProviderHttp(provider, carry, apps.standInsOf(provider, where), () => clock.now())
  const who = await provider.account(http, token)
  if (!who.account) throw new ProviderError('bad_data', `${provider.name} did not say whose account it is`)
  return who
}

/** The way in by something pasted, if the provider has one that is open. */
export const keyAuthOf = (provider: Provider): KeyAuth | undefined =>
  waysInto(provider).find((auth) => auth.kind === 'key')

/** The way in by the provider's own page. */
export const oauth2Of = (provider: Provider): OAuth2 | undefined =>
  waysInto(provider).find((auth) => auth.kind === 'oauth2')

const waysInto = ({ auth, otherAuth = [] }: Provider): Auth[] => [
  auth,
  ...otherAuth.filter(({ closed }) => !closed).map((other) => other.auth),
]
