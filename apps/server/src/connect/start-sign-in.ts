import { randomBytes } from 'node:crypto'
import { type BodyOf, routes } from '@tributary/protocol'
import { providers } from '@tributary/providers'
import type { Provider } from '@tributary/providers/kit'
import type { Parts } from '../parts.ts'
import type { Write } from '../platform/db/database.ts'
import type { Call } from '../platform/http/call.ts'
import { Answer, handle } from '../platform/http/handle.ts'
import { Problem } from '../platform/problem.ts'
import { hashToken } from '../platform/tokens.ts'
import { isPlaceToReturnTo, originOf } from './addresses.ts'
import { type AwaitedYes, awaitYes, connectPage, yesGoodForMs } from './await-yes.ts'
import { markBrowser, noBrowser } from './browser-cookie.ts'
import { findSessionById } from './connect-sessions.queries.ts'
import { isAccountTaken, lockAccount } from './connections.queries.ts'
import { languageOf } from './language.ts'
import { providerCalled } from './provider-called.ts'
import { asKeyProblem } from './provider-problem.ts'
import { type SignedIn, saveConnection } from './save-connection.ts'
import { askedBy, sendAway } from './send-away.ts'
import { showConnection } from './show-connection.ts'
import { signInWithKey } from './sign-in-to.ts'
import { insertState, useState } from './states.queries.ts'
import { takeCredentials } from './take-credentials.ts'
import { keyAuthOf, otherWaysInto, type PageAuth, pageAuthOf } from './ways-in.ts'

type Start = typeof routes.startSignIn

export const startSignIn = handle(routes.startSignIn, async (call, parts) => {
  const provider = providerCalled(call.params.type)
  const session = await sessionOf(call)
  if (session?.providers && !session.providers.includes(provider.id))
    throw new Problem('provider_unknown', 'This connect session is not for that provider')
  const { body } = call
  const region = regionOf(provider, body.region)
  const returnTo = body.return_to ?? session?.return_to ?? null
  const origin = originOf(call.request, parts.config)
  if (returnTo !== null && !isPlaceToReturnTo(returnTo, origin, session?.allowed_origins))
    throw new Problem('return_to_not_allowed')
  if (body.credentials) return connectByKey(call, parts, provider, body.credentials, region)
  const auth = pageAuthOf(provider, body.auth_kind)
  if (!auth || !isOpen(provider, auth, parts.clock.now())) throw new Problem('sign_in_not_taken', notTaken(provider))
  const missing = await parts.connect.apps.lacking(provider)
  if (missing.length)
    throw new Problem('provider_not_configured', `An operator has to set ${missing.join(' and ')} first`, {
      missing_settings: missing,
    })
  return sendAway(call, parts, provider, auth, { returnTo, region, origin })
})

/** A pasted key is tried before it is kept; to an account that somebody else here has, the person says yes once more. */
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
  ).catch(asKeyProblem(provider, auth))
  const language = languageOf(undefined, call.request.headers['accept-language'])
  const { returns, orReturns } = call.contract
  const statusOf = (made: object) => ('confirm_url' in made ? returns : orReturns).status
  const made = await call.write(
    async (tx) => {
      await lockAccount(tx, provider.id, signedIn.account)
      if (await isAccountTaken(tx, provider.id, signedIn.account, userId)) {
        const { href, expiresAt } = await askAgain(tx, call, parts, provider, signedIn)
        return { confirm_url: href, expires_at: expiresAt.toISOString() }
      }
      const at = new Date(clock.now())
      const row = await saveConnection(tx, connect.vault, { userId, provider, signedIn, at })
      return showConnection(tx, row, language)
    },
    { target: provider.id, statusOf },
  )
  runner.wake()
  return new Answer(statusOf(made), made)
}

/** As where a provider sends people back to: in a row of its own, though nobody was sent away. */
async function askAgain(
  tx: Write,
  call: Call<Start>,
  parts: Parts,
  provider: Provider,
  signedIn: SignedIn,
): Promise<AwaitedYes> {
  const { userId, connectSessionId } = call.caller
  const state = {
    user_id: userId,
    state_hash: hashToken(randomBytes(32).toString('base64url')),
    provider: provider.id,
    asked_by: askedBy(call),
    return_to: call.body.return_to ?? (connectSessionId ? `${connectPage}?session=${connectSessionId}` : null),
  }
  const at = new Date(parts.clock.now())
  const browserHash =
    state.asked_by === 'cookie' ? markBrowser(call.request, call.reply, yesGoodForMs / 1_000) : noBrowser
  await insertState(tx, {
    ...state,
    region: signedIn.region,
    redirect_uri: '',
    scopes: [],
    auth_kind: 'oauth2', // of the row, which nobody comes back to; `signedIn` knows the key
    browser_hash: browserHash,
    sealed_verifier: '',
    expires_at: at,
  })
  await useState(tx, userId, state.state_hash, at) // nothing can come back to it
  return awaitYes(tx, parts, state, { reason: 'shared_account', signedIn, browserHash })
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
  providers.flatMap((provider) => {
    const auth = pageAuthOf(provider)
    return auth ? [[provider.id, auth.authorizeUrl] as [string, string]] : []
  })
