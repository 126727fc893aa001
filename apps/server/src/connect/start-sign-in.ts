import { createHash, randomBytes } from 'node:crypto'
import { type BodyOf, routes } from '@tributary/protocol'
import { providers } from '@tributary/providers'
import { authorizationUrl, type OAuth1, type OAuth2, type Provider, ProviderError } from '@tributary/providers/kit'
import type { Parts } from '../parts.ts'
import type { Call } from '../platform/http/call.ts'
import { handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { hashToken } from '../platform/tokens.ts'
import { isPlaceToReturnTo, originOf, redirectUriOf } from './addresses.ts'
import type { FoundApp } from './apps.ts'
import { markBrowser } from './browser-cookie.ts'
import { findSessionById } from './connect-sessions.queries.ts'
import { isAccountTaken } from './connections.queries.ts'
import { languageOf } from './language.ts'
import { providerCalled } from './provider-called.ts'
import { saveConnection } from './save-connection.ts'
import { showConnection } from './show-connection.ts'
import { beginOAuth1 } from './sign-in-by-oauth1.ts'
import { signInWithKey } from './sign-in-to.ts'
import { statePlace } from './state-place.ts'
import { insertState } from './states.queries.ts'
import { takeCredentials } from './take-credentials.ts'
import { keyAuthOf, otherWaysInto, type PageAuth, pageAuthOf } from './ways-in.ts'

/** How long a person may take at the provider's page. */
const goodForMs = 600_000

type Start = typeof routes.startSignIn

export const startSignIn = handle(routes.startSignIn, async (call, parts) => {
  const provider = providerCalled(call.params.type)
  const session = await sessionOf(call)
  if (session?.providers && !session.providers.includes(provider.id))
    throw new Problem('provider_unknown', 'This connect session is not for that provider')
  const { body } = call
  const region = regionOf(provider, body.region)
  if (body.credentials) return connectByKey(call, parts, provider, body.credentials, region)
  const auth = pageAuthOf(provider, body.auth_kind)
  if (!auth || !isOpen(provider, auth, parts.clock.now())) throw new Problem('sign_in_not_taken', notTaken(provider))
  const missing = await parts.connect.apps.lacking(provider)
  if (missing.length)
    throw new Problem('provider_not_configured', `An operator has to set ${missing.join(' and ')} first`, {
      missing_settings: missing,
    })
  const returnTo = body.return_to ?? session?.return_to ?? null
  const origin = originOf(call.request, parts.config)
  if (returnTo !== null && !isPlaceToReturnTo(returnTo, origin, session?.allowed_origins))
    throw new Problem('return_to_not_allowed')
  return sendAway(call, parts, provider, auth, { returnTo, region, origin })
})

interface Way {
  returnTo: string | null
  region: string | null
  origin: string
}

async function sendAway(call: Call<Start>, parts: Parts, provider: Provider, auth: PageAuth, way: Way) {
  const { clock, sealing, connect } = parts
  const app = await connect.apps.find(provider)
  if (!app) throw new Problem('provider_not_configured')
  const state = randomBytes(32).toString('base64url')
  const asking = { provider, app, region: way.region, state, redirectUri: redirectUriOf(way.origin, provider.id) }
  const scopes = auth.kind === 'oauth2' ? scopesFor(auth, call.body.scopes) : []
  const { url, verifier } =
    auth.kind === 'oauth2' ? toOAuth2(parts, auth, asking, scopes) : await toOAuth1(call, parts, auth, asking)
  const expiresAt = new Date(clock.now() + goodForMs)
  const { userId, connectSessionId, kind } = call.caller
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
        asked_by: connectSessionId
          ? 'connect'
          : kind === 'person' && !call.request.headers.authorization
            ? 'cookie'
            : 'bearer',
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

/** A pasted key is tried before it is kept. */
async function connectByKey(
  call: Call<Start>,
  parts: Parts,
  provider: Provider,
  given: NonNullable<BodyOf<Start>['credentials']>,
  region: string | null,
) {
  const { connect, clock, egress, runner } = parts
  const auth = keyAuthOf(provider)
  if (!auth) throw new Problem('sign_in_not_taken', `${provider.name} takes no keys`)
  const credentials = takeCredentials(auth, given)
  const { userId } = call.caller
  await call.repeatIfKept()
  const signedIn = await signInWithKey(
    { apps: connect.apps, clock, egress },
    provider,
    auth,
    credentials,
    region,
  ).catch(asProblem)
  const language = languageOf(undefined, call.request.headers['accept-language'])
  const answer = await call.write(
    async (tx) => {
      if (await isAccountTaken(tx, provider.id, signedIn.account, userId)) throw new Problem('account_taken')
      const at = new Date(clock.now())
      const row = await saveConnection(tx, connect.vault, { userId, provider, signedIn, at })
      return { connection: await showConnection(tx, row, language) }
    },
    { target: provider.id },
  )
  runner.wake()
  return answer
}

function asProblem(error: unknown): never {
  if (!(error instanceof ProviderError)) throw error
  if (error.fault === 'auth' || error.fault === 'scope') throw new Problem('credentials_refused', error.message)
  throw new Problem('provider_unavailable', error.message, {
    retryAfterSeconds: Math.ceil((error.retryAfterMs ?? 30_000) / 1_000),
  })
}

/** What is not optional is asked for in any case; what the provider does not have is left out. */
function scopesFor({ scopes, scopesNotSent }: OAuth2, wanted: readonly string[] | undefined): string[] {
  if (scopesNotSent || !wanted) return Object.keys(scopes)
  return Object.entries(scopes)
    .filter(([scope, { optional }]) => !optional || wanted.includes(scope))
    .map(([scope]) => scope)
}

function regionOf({ regions = [], name }: Provider, wanted: string | undefined): string | null {
  if (wanted === undefined) return regions[0]?.id ?? null
  const region = regions.find(({ id }) => id === wanted)
  if (!region)
    throw new Problem(
      'invalid_request',
      `/region: ${name} has ${regions.map(({ id }) => id).join(', ') || 'no regions'}`,
      {
        errors: [{ pointer: '/region', detail: 'is not one of this provider' }],
      },
    )
  return region.id
}

/** Its usual way, or another whose day has not come. */
const isOpen = (provider: Provider, auth: PageAuth, now: number): boolean =>
  auth === provider.auth || otherWaysInto(provider, now).some((other) => other.auth === auth)

const notTaken = (provider: Provider): string =>
  keyAuthOf(provider)
    ? `${provider.name} takes \`credentials\``
    : (provider.access?.en ?? `Data of ${provider.name} come without a sign-in`)

async function sessionOf(call: Call<Start>) {
  const { connectSessionId, userId } = call.caller
  return connectSessionId ? call.read((tx) => findSessionById(tx, userId, connectSessionId)) : undefined
}

/** Of all providers with a page of their own: whose answers ours must not be mixed up with. */
export const authorizeUrls = (): [id: string, url: string][] =>
  (providers as readonly Provider[]).flatMap((provider) => {
    const auth = pageAuthOf(provider)
    return auth ? [[provider.id, auth.authorizeUrl] as [string, string]] : []
  })
