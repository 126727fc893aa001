/** The talk with a provider that turns what a person brought back, or pasted, into a connection that can be saved. Nothing is stored here. */
import {
  type AppKeys,
  type Carry,
  createProviderHttp,
  type KeyAuth,
  type OAuth2,
  type Provider,
  type ProviderAccount,
  ProviderError,
  readTokenOutcome,
  type StandIns,
  type TokenAnswer,
  type TokenOutcome,
  tokenRequest,
} from '@tributary/providers/kit'
import type { Clock } from '../platform/clock.ts'
import type { Egress } from '../platform/egress/egress.ts'
import type { Apps, FoundApp } from './apps.ts'
import { type Opener, signed } from './carry.ts'
import { send } from './create-calls.ts'
import { type SignedIn, signedInAs } from './save-connection.ts'
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
  const tokens = keepAnswer(auth, token, undefined, clock.now())
  const opener = { provider, auth, account: token.account ?? '', tokens }
  const who = await accountOf(edges, opener, app.keys, standIns, token)
  const scopes = auth.scopesOfRedirect?.(brought.parameters) ?? token.scopes ?? brought.asked
  const known = { ...who, profile: { ...token.profile, ...who.profile } }
  const by = { authKind: 'oauth2', scopes, region: brought.region, isDemo, tokens } as const
  return { kind: 'ok', signedIn: signedInAs(known, by) }
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
  const standIns = edges.apps.standInsOf(provider, { region, isDemo })
  const opener = { provider, auth, account: '', credentials }
  const who = await accountOf(edges, opener, app?.keys, standIns)
  return signedInAs(who, { authKind: 'key', scopes: [], region, isDemo, credentials })
}

/** Who let us in; asked with what they let us in by. */
export async function accountOf(
  { egress, clock }: SignInEdges,
  opener: Opener & { provider: Provider },
  app: AppKeys | undefined,
  standIns: StandIns,
  token?: TokenAnswer,
): Promise<ProviderAccount> {
  const { provider } = opener
  if (!provider.account) {
    if (token?.account) return { account: token.account, profile: {} }
    throw new ProviderError('bad_data', `${provider.name} did not say whose account it is`)
  }
  const carry: Carry = (sent) => send(egress, sent.withoutToken ? sent : signed(sent, opener, app, clock))
  const http = createProviderHttp(provider, carry, standIns, () => clock.now())
  const who = await provider.account(http, token)
  if (!who.account) throw new ProviderError('bad_data', `${provider.name} did not say whose account it is`)
  return who
}
