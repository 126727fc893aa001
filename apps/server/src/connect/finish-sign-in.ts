/**
 * Where a provider sends a person back to. Whatever happens ends on a page; a state is good once, for ten minutes, at the provider it
 * was made for and in the browser it was made in. Elsewhere the person is asked once more, signed in and in the browser that they came back
 * in, before anything is connected.
 */
import { routes } from '@tributary/protocol'
import { findProvider } from '@tributary/providers'
import { type Provider, ProviderError, readApproval, type TokenPair } from '@tributary/providers/kit'
import type { Parts } from '../parts.ts'
import { EgressRefused } from '../platform/egress/refused.ts'
import type { Call } from '../platform/http/call.ts'
import { handle, sent } from '../platform/http/handle.ts'
import { sessionCookieName } from '../platform/http/sign-in-state.ts'
import { hashToken } from '../platform/tokens.ts'
import { isOtherIssuer, originOf, returnAddress } from './addresses.ts'
import { awaitYes, yesGoodForMs } from './await-yes.ts'
import { isMarked, markBrowser } from './browser-cookie.ts'
import { isAccountTaken, lockAccount } from './connections.queries.ts'
import { languageOf } from './language.ts'
import { type Outcome, pageHeaders, renderPage } from './page.ts'
import { type SignedIn, saveConnection } from './save-connection.ts'
import { signInWithVerifier } from './sign-in-by-oauth1.ts'
import { signInWithCode } from './sign-in-to.ts'
import { authorizeUrls } from './start-sign-in.ts'
import { statePlace } from './state-place.ts'
import { findState, findStateOwner, type StateRow, useState } from './states.queries.ts'
import { pageAuthOf } from './ways-in.ts'

const home = '/connections'

interface Ended {
  outcome: Outcome
  state?: StateRow
  /** Instead of the way back. */
  href?: string
}

type Finish = Call<typeof routes.finishSignIn>

export const finishSignIn = handle(routes.finishSignIn, async (call, parts) => {
  const { request, reply } = call
  if (request.method === 'HEAD') {
    reply.code(200).headers(pageHeaders).send() // whoever looks ahead must not use up the state
    return sent
  }
  const provider = findProvider(call.params.type)
  const { outcome, state, href } = provider ? await finish(call, parts, provider) : ({ outcome: 'mixed_up' } as Ended)
  const origin = originOf(request, parts.config)
  const back = returnAddress(state?.return_to ?? home, origin, {
    connect: outcome,
    provider: provider?.id ?? call.params.type.slice(0, 60),
  })
  const language = languageOf(languageIn(state?.return_to), request.headers['accept-language'])
  parts.log.info({ provider: provider?.id, outcome, request_id: request.id }, 'a person came back from signing in')
  reply
    .code(200)
    .headers(pageHeaders)
    .send(renderPage({ outcome, language, name: provider?.name ?? '', href: href ?? back }))
  return sent
})

async function finish(call: Finish, parts: Parts, provider: Provider): Promise<Ended> {
  const given = parametersOf(call.query)
  const text = given.get('state')
  if (!text || text.length > 200) return { outcome: 'mixed_up' }
  const hash = hashToken(text)
  const owner = await findStateOwner(parts.db.lookup, hash)
  if (!owner) return { outcome: 'expired' }
  const found = await call.read((tx) => findState(tx, owner, hash), owner)
  if (!found) return { outcome: 'expired' }
  const others = authorizeUrls()
    .filter(([id]) => id !== provider.id)
    .map(([, url]) => url)
  const auth = pageAuthOf(provider, found.auth_kind)
  if (!auth || found.provider !== provider.id || isOtherIssuer(given.get('iss'), auth.authorizeUrl, others))
    return { outcome: 'mixed_up' }
  const at = new Date(parts.clock.now())
  const state = await parts.db.write({ userId: owner }, (tx) => useState(tx, owner, hash, at))
  if (!state) return { outcome: 'replayed', state: found }
  if (state.expires_at <= at) return { outcome: 'expired', state }
  const brought = auth.kind === 'oauth1' ? verifierIn(given) : codeIn(given)
  return typeof brought === 'string' ? { outcome: brought, state } : exchange(call, parts, provider, state, brought)
}

/** What a person came back with, beside the state. */
type Brought = { code: string; parameters: URLSearchParams } | { token: string; verifier: string }

function codeIn(given: URLSearchParams): Brought | Outcome {
  const error = given.get('error')
  if (error !== null) return outcomeOf(error)
  const code = given.get('code')
  return code && code.length <= 4_096 ? { code, parameters: given } : 'refused'
}

function verifierIn(given: URLSearchParams): Brought | Outcome {
  const approval = readApproval(given)
  return approval.kind === 'approved' ? approval : 'cancelled'
}

/** RFC 6749 §4.1.2.1; some brands say it in words of their own, which all mean that the person went back. */
function outcomeOf(error: string): Outcome {
  if (error === 'access_denied' || /cancel|denied|declin/i.test(error)) return 'cancelled'
  return error === 'server_error' || error === 'temporarily_unavailable' ? 'unavailable' : 'denied'
}

async function exchange(
  call: Finish,
  parts: Parts,
  provider: Provider,
  state: StateRow,
  brought: Brought,
): Promise<Ended> {
  const { log } = parts
  try {
    const answer = await askFor(call, parts, provider, state, brought)
    if (answer.kind === 'mixed_up') return { outcome: 'mixed_up', state }
    if (answer.kind === 'ok') return await keep(call, parts, provider, state, answer.signedIn)
    log.warn(
      { provider: provider.id, answer: answer.kind, reason: answer.kind === 'failed' ? answer.reason : undefined },
      'a provider gave no token to a person who came back',
    )
    return { outcome: answer.kind === 'app' ? 'denied' : answer.kind === 'refused' ? 'refused' : 'unavailable', state }
  } catch (error) {
    if (!(error instanceof ProviderError) && !(error instanceof EgressRefused)) throw error
    log.warn({ err: error, provider: provider.id }, 'signing in to a provider failed')
    return {
      outcome:
        error instanceof ProviderError && (error.fault === 'auth' || error.fault === 'scope')
          ? 'refused'
          : 'unavailable',
      state,
    }
  }
}

async function askFor(
  call: Finish,
  { connect, sealing, clock, egress }: Parts,
  provider: Provider,
  state: StateRow,
  brought: Brought,
) {
  const app = await connect.apps.find(provider)
  const auth = pageAuthOf(provider, state.auth_kind)
  if (!app || !auth) return { kind: 'app' as const }
  const { user_id: userId, region, scopes: asked, redirect_uri: redirectUri } = state
  const place = statePlace(userId, state.state_hash, provider.id, 'sealed_verifier')
  const kept = await call.read((tx) => sealing.open(tx, place, state.sealed_verifier), userId)
  const edges = { apps: connect.apps, egress, clock }
  if (auth.kind === 'oauth2')
    return 'code' in brought
      ? signInWithCode(edges, provider, auth, app, { ...brought, verifier: kept, redirectUri, region, asked })
      : { kind: 'mixed_up' as const }
  const temporary = JSON.parse(kept) as TokenPair
  // A yes to another token than the one that was asked for here is somebody else's yes.
  if (!('token' in brought) || brought.token !== temporary.token) return { kind: 'mixed_up' as const }
  return signInWithVerifier(edges, { provider, auth, app, region }, { temporary, verifier: brought.verifier })
}

async function keep(
  call: Finish,
  parts: Parts,
  provider: Provider,
  state: StateRow,
  signedIn: SignedIn,
): Promise<Ended> {
  const { connect, clock, runner } = parts
  const userId = state.user_id
  const isKnown =
    isMarked(call.request, state.browser_hash) ||
    (state.asked_by === 'bearer' && (await isSignedIn(call, parts, userId)))
  const connectNow = () =>
    call.write(
      async (tx) => {
        await lockAccount(tx, provider.id, signedIn.account)
        if (await isAccountTaken(tx, provider.id, signedIn.account, userId)) throw new AccountTaken()
        await saveConnection(tx, connect.vault, { userId, provider, signedIn, at: new Date(clock.now()) })
        return undefined
      },
      { as: userId, target: provider.id },
    )
  if (isKnown)
    try {
      await connectNow()
      runner.wake()
      return { outcome: 'connected', state }
    } catch (error) {
      if (!(error instanceof AccountTaken)) throw error
    }
  const reason = isKnown ? 'shared_account' : 'other_browser'
  const browserHash = markBrowser(call.request, call.reply, yesGoodForMs / 1_000)
  const { href } = await parts.db.write({ userId }, (tx) =>
    awaitYes(tx, parts, state, { reason, signedIn, browserHash }),
  )
  return { outcome: reason, state, href }
}

/** By somebody else here: the person is asked before they share it. */
class AccountTaken extends Error {
  override name = 'AccountTaken'
}

/** The page that a person comes back to may say in which language they read. */
const languageIn = (place: string | null | undefined): string | undefined =>
  (place && new URL(place, 'http://ours.invalid').searchParams.get('language')) || undefined

async function isSignedIn({ request }: Finish, { authenticator }: Parts, userId: string): Promise<boolean> {
  const cookie = request.cookies[sessionCookieName(request)]
  return cookie !== undefined && (await authenticator.identify({ cookie }))?.userId === userId
}

/** Of a name that stands twice neither counts: one of them may be somebody else's addition. */
function parametersOf(query: Record<string, string | string[]>): URLSearchParams {
  const single = Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return new URLSearchParams(single)
}
