/** RFC 5849 as pure functions over a provider's `auth`: the temporary token, where a person is sent with it, and what it is changed for. */
import { moved, type StandIns } from './address.ts'
import type { AppKeys, OAuth1 } from './auth.ts'
import { signOAuth1 } from './oauth1.ts'
import type { Received, Sent } from './provider-http.ts'

/** A pair that signs; a temporary one until the person has said yes. */
export interface TokenPair {
  token: string
  secret: string
}

/** Of each request: never the same twice. */
export interface Once {
  nonce: string
  seconds: number
}

export interface SignedBy extends Once {
  app: AppKeys
  standIns?: StandIns
}

/** §2.1. `callback` is where the person comes back to. */
export const temporaryRequest = (auth: OAuth1, callback: string, by: SignedBy): Sent =>
  signedPost(auth.requestTokenUrl, by, undefined, { oauth_callback: callback })

/** §2.2. */
export function approvalUrl({ authorizeUrl }: OAuth1, { token }: TokenPair, { authUrl }: StandIns = {}): URL {
  const url = moved(new URL(authorizeUrl), authUrl)
  url.searchParams.set('oauth_token', token)
  return url
}

/** §2.3. */
export const tokenPairRequest = (auth: OAuth1, temporary: TokenPair, verifier: string, by: SignedBy): Sent =>
  signedPost(auth.accessTokenUrl, by, temporary, { oauth_verifier: verifier })

function signedPost(
  address: string,
  { app, standIns = {}, nonce, seconds }: SignedBy,
  pair: TokenPair | undefined,
  more: Readonly<Record<string, string>>,
): Sent {
  const url = moved(new URL(address), standIns.authUrl)
  const keys = {
    consumerKey: app.clientId,
    consumerSecret: app.clientSecret,
    ...(pair ? { token: pair.token, tokenSecret: pair.secret } : {}),
  }
  const authorization = signOAuth1({ method: 'POST', url }, keys, { nonce, seconds }, more)
  return { method: 'POST', url, headers: { accept: '*/*', authorization } }
}

/** `refused`: the app, its signature, or the temporary token is no good; which of them, the step tells. */
export type PairOutcome = { kind: 'ok'; pair: TokenPair } | { kind: 'refused' } | { kind: 'failed'; reason: string }

/** Of either step: a form, whatever its content type says. */
export function readTokenPair({ status, bytes }: Pick<Received, 'status' | 'bytes'>): PairOutcome {
  if (status === 401) return { kind: 'refused' }
  if (status < 200 || status > 299) return { kind: 'failed', reason: `answered ${status}` }
  const said = new URLSearchParams(new TextDecoder().decode(bytes))
  const [token, secret] = [said.get('oauth_token'), said.get('oauth_token_secret')]
  if (!token || secret === null) return { kind: 'failed', reason: 'the answer has no token in it' }
  return { kind: 'ok', pair: { token, secret } }
}

/**
 * What the person came back with. No standard says how a no looks: none or `null` for a verifier, or a word for it
 * (`denied`, `oauth_problem`).
 */
export function readApproval(
  parameters: URLSearchParams,
): { kind: 'approved'; token: string; verifier: string } | { kind: 'declined' } {
  const [token, verifier] = [parameters.get('oauth_token'), parameters.get('oauth_verifier')]
  const saysNo = parameters.has('denied') || parameters.has('oauth_problem')
  if (saysNo || !token || !verifier || verifier === 'null') return { kind: 'declined' }
  return { kind: 'approved', token, verifier }
}
