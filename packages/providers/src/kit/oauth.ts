/** OAuth 2 as pure functions over a provider's `auth`: where a person is sent, what a token endpoint is asked, what its answer means. */
import { moved, type StandIns } from './address.ts'
import type { AppKeys, OAuth2, TokenAnswer } from './auth.ts'
import { BadAnswer } from './errors.ts'
import { parseJson } from './parse-json.ts'
import type { Sent } from './provider-http.ts'
import { membersOf, readTokenAnswer } from './token-answer.ts'

export interface Authorization {
  clientId: string
  redirectUri: string
  state: string
  scopes: readonly string[]
  /** S256 of the verifier, for providers that take it. */
  challenge: string
}

export function authorizationUrl(auth: OAuth2, asked: Authorization, { authUrl }: StandIns = {}): URL {
  const url = moved(new URL(auth.authorizeUrl), authUrl)
  const given: Record<string, string> = {
    response_type: 'code',
    client_id: asked.clientId,
    redirect_uri: asked.redirectUri,
    ...(auth.scopesNotSent ? {} : { scope: asked.scopes.join(auth.scopeSeparator ?? ' ') }),
    ...(auth.pkce ? { code_challenge: asked.challenge, code_challenge_method: 'S256' } : {}),
    ...auth.authorizeParameters,
    state: asked.state,
  }
  for (const [name, value] of Object.entries(given)) if (value) url.searchParams.set(name, value)
  return url
}

export type GrantOf =
  | { grant: 'authorization_code'; code: string; redirectUri: string; verifier: string }
  | { grant: 'refresh_token'; refreshToken: string }

/** What the token endpoint is sent. Secrets stand in the body or in a header, never in the address. */
export function tokenRequest(auth: OAuth2, app: AppKeys, asked: GrantOf, { authUrl }: StandIns = {}): Sent {
  const where = asked.grant === 'refresh_token' ? (auth.refreshUrl ?? auth.tokenUrl) : auth.tokenUrl
  const said: Record<string, string> = {
    grant_type: asked.grant,
    ...(asked.grant === 'refresh_token'
      ? { refresh_token: asked.refreshToken }
      : {
          code: asked.code,
          redirect_uri: asked.redirectUri,
          ...(auth.pkce ? { code_verifier: asked.verifier } : {}),
        }),
    ...(auth.client === 'body' ? { client_id: app.clientId, client_secret: app.clientSecret } : {}),
    ...auth.tokenParameters?.(asked.grant, app),
  }
  const json = auth.tokenBody === 'json'
  return {
    method: 'POST',
    url: moved(new URL(where), authUrl),
    headers: {
      accept: 'application/json',
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(auth.client === 'basic' ? { authorization: basic(app) } : {}),
    },
    body: json ? JSON.stringify(said) : new URLSearchParams(said).toString(),
  }
}

/** RFC 6749 §2.3.1: both are form-encoded before they are joined. */
function basic({ clientId, clientSecret }: AppKeys): string {
  const encoded = [clientId, clientSecret].map((part) => new URLSearchParams({ part }).toString().slice('part='.length))
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`
}

/**
 * `refused`: the provider says that this grant is no good (any more). `app`: it does not know the operator's app, or not its secret.
 * `failed`: everything else, which says nothing of the grant: an overloaded cloud, a page of a proxy, a 400 for a reason of its own.
 */
export type TokenOutcome =
  | { kind: 'ok'; token: TokenAnswer }
  | { kind: 'refused' }
  | { kind: 'app' }
  | { kind: 'failed'; reason: string }

/** `before`: the tokens we had, of a refresh: some answer without telling again what stays (COROS). */
export function readTokenOutcome(
  auth: OAuth2,
  { status, bytes }: { status: number; bytes: Uint8Array },
  before?: { accessToken: string; refreshToken?: string },
): TokenOutcome {
  const answer = parse(bytes)
  if (answer === unreadable) return { kind: 'failed', reason: `answered ${status} with what is not JSON` }
  const { error } = membersOf(answer)
  if (auth.refusesApp?.(status, answer)) return { kind: 'app' }
  if (auth.refusesGrant?.(status, answer)) return { kind: 'refused' }
  if ((status === 400 || status === 401) && error === 'invalid_grant') return { kind: 'refused' }
  if (status >= 400 && status < 500 && (error === 'invalid_client' || error === 'unauthorized_client'))
    return { kind: 'app' }
  if (status < 200 || status > 299) return { kind: 'failed', reason: `answered ${status}` }
  try {
    return {
      kind: 'ok',
      token: auth.readToken
        ? auth.readToken(answer, before)
        : { ...readTokenAnswer(answer), ...scopesIn(auth, answer) },
    }
  } catch (fault) {
    if (!(fault instanceof BadAnswer)) throw fault
    return { kind: 'failed', reason: fault.message }
  }
}

/**
 * Whether a refused grant tells that the app was let in: RFC 6749 has another word for an app that is not. Of a provider that refuses in
 * its own way both must be known (COROS may have one number for the two).
 */
export const tellsApartApp = (auth: OAuth2): boolean => !auth.refusesGrant || auth.refusesApp !== undefined

/** RFC 6749 separates with spaces; those who ask with another sign mostly answer with it too. */
export function splitScopes(auth: Pick<OAuth2, 'scopeSeparator'>, text: string): string[] {
  return text
    .split(auth.scopeSeparator ? new RegExp(`[\\s${auth.scopeSeparator.replaceAll(/[\\\]^-]/g, '\\$&')}]+`) : /\s+/)
    .filter(Boolean)
}

function scopesIn(auth: OAuth2, answer: unknown): { scopes?: readonly string[] } {
  const { scope } = membersOf(answer)
  return typeof scope === 'string' ? { scopes: splitScopes(auth, scope) } : {}
}

const unreadable = Symbol('not JSON')

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder().decode(bytes))
  } catch {
    return unreadable // a token may be in it: nothing of it is told
  }
}
