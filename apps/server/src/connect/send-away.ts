/** Where a person is sent to sign in, and what is kept until they come back: a state that is good once, and what proves that it was us. */
import { createHash, randomBytes } from 'node:crypto'
import type { routes } from '@tributary/protocol'
import { authorizationUrl, type OAuth1, type OAuth2, type Provider } from '@tributary/providers/kit'
import type { Parts } from '../parts.ts'
import type { Call } from '../platform/http/call.ts'
import { Problem } from '../platform/problem.ts'
import { hashToken } from '../platform/tokens.ts'
import { redirectUriOf } from './addresses.ts'
import type { FoundApp } from './apps.ts'
import { markBrowser } from './browser-cookie.ts'
import { asProblem } from './provider-problem.ts'
import { beginOAuth1 } from './sign-in-by-oauth1.ts'
import { statePlace } from './state-place.ts'
import { insertState, type StateRow } from './states.queries.ts'
import type { PageAuth } from './ways-in.ts'

/** How long a person may take at the provider's page. */
const goodForMs = 600_000

type Start = typeof routes.startSignIn

interface Way {
  returnTo: string | null
  region: string | null
  origin: string
}

export async function sendAway(call: Call<Start>, parts: Parts, provider: Provider, auth: PageAuth, way: Way) {
  const { clock, sealing, connect } = parts
  const app = await connect.apps.find(provider)
  if (!app) throw new Problem('provider_not_configured')
  const state = randomBytes(32).toString('base64url')
  const asking = { provider, app, region: way.region, state, redirectUri: redirectUriOf(way.origin, provider.id) }
  const scopes = auth.kind === 'oauth2' ? scopesFor(auth, call.body.scopes) : []
  const { url, verifier } =
    auth.kind === 'oauth2' ? toOAuth2(parts, auth, asking, scopes) : await toOAuth1(call, parts, auth, asking)
  const expiresAt = new Date(clock.now() + goodForMs)
  const { userId } = call.caller
  const stateHash = hashToken(state)
  return call.write(
    async (tx) => {
      await insertState(tx, {
        user_id: userId,
        state_hash: stateHash,
        provider: provider.id,
        region: way.region,
        redirect_uri: asking.redirectUri,
        return_to: way.returnTo,
        scopes,
        asked_by: askedBy(call),
        browser_hash: markBrowser(call.request, call.reply, goodForMs / 1_000),
        auth_kind: auth.kind,
        sealed_verifier: await sealing.seal(
          tx,
          statePlace(userId, stateHash, provider.id, 'sealed_verifier'),
          verifier,
        ),
        expires_at: expiresAt,
      })
      return { authorization_url: url.href, state, expires_at: expiresAt.toISOString() }
    },
    { target: provider.id },
  )
}

export function askedBy({ caller, request }: Call<Start>): StateRow['asked_by'] {
  if (caller.connectSessionId) return 'connect'
  return caller.kind === 'person' && !request.headers.authorization ? 'cookie' : 'bearer'
}

interface AskedFor {
  provider: Provider
  app: FoundApp
  region: string | null
  state: string
  redirectUri: string
}

/** Where to, and what is kept until they come back. */
interface Away {
  url: URL
  verifier: string
}

function toOAuth2(
  { connect }: Parts,
  auth: OAuth2,
  { provider, app, region, state, redirectUri }: AskedFor,
  scopes: readonly string[],
): Away {
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const url = authorizationUrl(
    auth,
    { clientId: app.keys.clientId, redirectUri, state, scopes, challenge },
    connect.apps.standInsOf(provider, { region, isDemo: app.origin === 'demo' }),
  )
  return { url, verifier }
}

/** The provider hands out a token before anybody is sent to it. Our state stands in the address that it sends them back to. */
async function toOAuth1(
  call: Call<Start>,
  { connect, egress, clock }: Parts,
  auth: OAuth1,
  { state, redirectUri, ...asking }: AskedFor,
): Promise<Away> {
  await call.repeatIfKept()
  const edges = { apps: connect.apps, egress, clock }
  const callback = `${redirectUri}?${new URLSearchParams({ state })}`
  const begun = await beginOAuth1(edges, { ...asking, auth }, callback).catch(asProblem)
  if (begun.kind === 'ok') return { url: begun.url, verifier: JSON.stringify(begun.temporary) }
  const { name } = asking.provider
  const why = begun.kind === 'failed' ? `${name} ${begun.reason}` : `${name} does not know this installation’s app`
  throw new Problem('provider_unavailable', why, { retryAfterSeconds: 30 })
}

/** What is not optional is asked for in any case; what the provider does not have is left out. */
function scopesFor({ scopes, scopesNotSent }: OAuth2, wanted: readonly string[] | undefined): string[] {
  if (scopesNotSent || !wanted) return Object.keys(scopes)
  return Object.entries(scopes)
    .filter(([scope, { optional }]) => !optional || wanted.includes(scope))
    .map(([scope]) => scope)
}
