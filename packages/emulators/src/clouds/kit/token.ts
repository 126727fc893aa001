/** The token endpoint: code or refresh token in, tokens out. */
import { createHash } from 'node:crypto'
import { json } from './answers.ts'
import type { Code } from './grants.ts'
import type { Issued, TokenError } from './oauth-style.ts'
import { type Ask, anyone, basicOf, jsonOf, type Route } from './router.ts'
import type { App, Site } from './site.ts'

const tooManyTokens = 'too many access tokens that were not revoked'

/** Why there is no token. */
export class TokenRefused extends Error {
  readonly error: TokenError

  constructor(error: TokenError, reason: string) {
    super(reason)
    this.error = error
  }
}

export const tokenRoutes = (site: Site): Route[] =>
  site.brand.oauth.tokenPaths.map((path) => anyone('POST', path, (ask) => answerToken(site, ask)))

function answerToken(site: Site, ask: Ask): Response {
  const { oauth } = site.brand
  try {
    const fields = fieldsOf(ask, oauth.body)
    const issued = exchange(site, clientOf(site, ask, fields), fields)
    return json(oauth.answer(issued), 200, { 'cache-control': 'no-store' })
  } catch (refused) {
    if (!(refused instanceof TokenRefused)) throw refused
    return oauth.refuse?.(refused.error, refused.message) ?? refusal(refused)
  }
}

function refusal({ error, message }: TokenRefused): Response {
  const isClient = error === 'invalid_client'
  return json({ error, error_description: message }, isClient ? 401 : 400, { 'cache-control': 'no-store' })
}

function fieldsOf(ask: Ask, kind: 'form' | 'json'): URLSearchParams {
  if (kind === 'form') return ask.form
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(jsonOf(ask) ?? {}))
    if (typeof value === 'string' || typeof value === 'number') fields.set(name, String(value))
  return fields
}

/** The app that proves to be itself, in one of the ways the brand takes. */
export function clientOf(site: Site, { request }: Ask, fields: URLSearchParams): App {
  const ways = site.brand.oauth.client
  const basic = ways.includes('basic') ? basicOf(request) : null
  const id = basic?.id ?? (ways.includes('body') ? fields.get('client_id') : null)
  const secret = basic?.secret ?? (ways.includes('body') ? fields.get('client_secret') : null)
  const app = site.apps.get(id ?? '')
  if (!app || app.clientSecret !== secret)
    throw new TokenRefused('invalid_client', 'client_id or client_secret is wrong')
  return app
}

/** Throws `TokenRefused`. */
export function exchange(site: Site, app: App, fields: URLSearchParams): Issued {
  const by = fields.get('grant_type') ?? site.brand.oauth.grantTypeByDefault
  if (by === 'authorization_code') return issue(site, by, begin(site, app, fields))
  if (by !== 'refresh_token' || site.brand.oauth.refresh === 'none')
    throw new TokenRefused('unsupported_grant_type', `grant_type is ${by ? 'not one that is offered' : 'missing'}`)
  for (const [name, value] of Object.entries(site.brand.oauth.refreshNeeds ?? {}))
    if (fields.get(name) !== value) throw new TokenRefused('invalid_request', `${name}=${value} is missing`)
  const token = fields.get('refresh_token')
  if (!token) throw new TokenRefused('invalid_request', 'refresh_token is missing')
  const known = site.grants.byRefresh(token)
  if (known && site.grants.isFull(known.account, app.clientId, site.now()))
    throw new TokenRefused('invalid_request', tooManyTokens)
  const renewed = site.grants.renew(token, app.clientId, site.now())
  if (!renewed) throw new TokenRefused('invalid_grant', 'the refresh token is unknown, already used or revoked')
  return issue(site, by, renewed)
}

function begin(site: Site, app: App, fields: URLSearchParams) {
  const { oauth } = site.brand
  const code = site.grants.code(fields.get('code') ?? '')
  if (!code || code.clientId !== app.clientId) throw new TokenRefused('invalid_grant', 'the code is unknown')
  if (code.grant) {
    if (oauth.codeAgain === 'ends') site.grants.endGrant(code.grant)
    throw new TokenRefused('invalid_grant', 'the code was used before')
  }
  if (code.expiresAt <= site.now()) throw new TokenRefused('invalid_grant', 'the code has expired')
  const uri = fields.get('redirect_uri')
  // Who compares only the domain does not compare here at all.
  if (oauth.redirect === 'exact' && code.redirectUri !== null && uri !== code.redirectUri)
    throw new TokenRefused('invalid_grant', 'redirect_uri is not the one of the authorize request')
  if (code.challenge && !proves(fields.get('code_verifier'), code.challenge))
    throw new TokenRefused('invalid_grant', 'code_verifier does not fit the code_challenge')
  if (!site.accounts.has(code.account)) throw new TokenRefused('invalid_grant', 'the account is gone')
  if (site.grants.isFull(code.account, app.clientId, site.now()))
    throw new TokenRefused('invalid_request', tooManyTokens)
  return site.grants.begin(code, site.now())
}

function proves(verifier: string | null, { method, value }: NonNullable<Code['challenge']>): boolean {
  if (verifier === null) return false
  return (method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url')) === value
}

function issue(site: Site, by: Issued['by'], given: ReturnType<Site['grants']['begin']>): Issued {
  const { grant, access, refresh } = given
  return {
    grant,
    account: site.accountOf(grant),
    accessToken: access.token,
    expiresIn: Math.floor((access.expiresAt - site.now()) / 1000),
    expiresAt: Math.floor(access.expiresAt / 1000),
    refreshToken: refresh?.token,
    by,
  }
}
