/** OAuth 1.0a's two talks with a provider, before a person is sent away and after they came back. Nothing is stored here. */
import {
  approvalUrl,
  type OAuth1,
  type Provider,
  readTokenPair,
  type TokenOutcome,
  type TokenPair,
  temporaryRequest,
  tokenPairRequest,
} from '@tributary/providers/kit'
import type { FoundApp } from './apps.ts'
import { onceAt } from './carry.ts'
import { send } from './create-calls.ts'
import { type SignedIn, signedInAs } from './save-connection.ts'
import { accountOf, type SignInEdges } from './sign-in-to.ts'

export interface Asking {
  provider: Provider
  auth: OAuth1
  app: FoundApp
  region: string | null
}

type NoPair = Exclude<TokenOutcome, { kind: 'ok' }>
const patience = () => AbortSignal.timeout(20_000)

/** Where to send the person, and what their yes is changed for a token with; or why there is nothing to send them to. */
export async function beginOAuth1(
  { apps, egress, clock }: SignInEdges,
  { provider, auth, app, region }: Asking,
  callback: string,
): Promise<{ kind: 'ok'; url: URL; temporary: TokenPair } | NoPair> {
  const standIns = apps.standInsOf(provider, { region, isDemo: app.origin === 'demo' })
  const request = temporaryRequest(auth, callback, { app: app.keys, standIns, ...onceAt(clock) })
  const outcome = readTokenPair(await send(egress, request, patience()))
  if (outcome.kind === 'refused') return { kind: 'app' } // nobody else has signed yet
  if (outcome.kind !== 'ok') return outcome
  return { kind: 'ok', url: approvalUrl(auth, outcome.pair, standIns), temporary: outcome.pair }
}

export async function signInWithVerifier(
  edges: SignInEdges,
  { provider, auth, app, region }: Asking,
  { temporary, verifier }: { temporary: TokenPair; verifier: string },
): Promise<{ kind: 'ok'; signedIn: SignedIn } | NoPair> {
  const { apps, egress, clock } = edges
  const isDemo = app.origin === 'demo'
  const standIns = apps.standInsOf(provider, { region, isDemo })
  const request = tokenPairRequest(auth, temporary, verifier, { app: app.keys, standIns, ...onceAt(clock) })
  const outcome = readTokenPair(await send(egress, request, patience()))
  if (outcome.kind !== 'ok') return outcome
  const tokens = { accessToken: outcome.pair.token, tokenSecret: outcome.pair.secret }
  const who = await accountOf(edges, { provider, auth, account: '', tokens }, app.keys, standIns)
  return { kind: 'ok', signedIn: signedInAs(who, { authKind: 'oauth1', scopes: [], region, isDemo, tokens }) }
}
