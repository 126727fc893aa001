/** One path for tokens, revoking and nonces: the action says which, the answer is wrapped, and HTTP is 200. */
import { createHmac } from 'node:crypto'
import type { Issued, TokenError } from '../kit/oauth-style.ts'
import { type Ask, anyone, type Route } from '../kit/router.ts'
import type { App, Site } from '../kit/site.ts'
import { clientOf, exchange, TokenRefused } from '../kit/token.ts'
import { hooksOf } from './notify.ts'
import { codes, no, ok } from './reply.ts'

const nonceMs = 1_800_000

const nonces = ({ notes }: App): Map<string, number> => {
  const known = (notes.get('nonces') as Map<string, number> | undefined) ?? new Map()
  notes.set('nonces', known)
  return known
}

const sign = ({ clientId, clientSecret }: App, action: string, last: string) =>
  createHmac('sha256', clientSecret).update([action, clientId, last].join(',')).digest('hex')

export const tokenAnswer = ({ account, accessToken, refreshToken, expiresIn, grant }: Issued) => ({
  userid: Number(account.id),
  access_token: accessToken,
  refresh_token: refreshToken,
  expires_in: expiresIn,
  scope: grant.scopes.join(','),
  csrf_token: accessToken.slice(0, 16),
  token_type: 'Bearer',
})

export const oauthRoutes = (site: Site): Route[] => [
  anyone('POST', '/v2/signature', (ask) => giveNonce(site, ask)),
  anyone('POST', '/v2/oauth2', (ask) => {
    switch (ask.form.get('action')) {
      case 'requesttoken':
        return giveToken(site, ask)
      case 'revoke':
        return revoke(site, ask)
      default:
        return no(codes.notImplemented, 'There is no such action')
    }
  }),
]

function giveNonce(site: Site, { form }: Ask): Response {
  const app = site.apps.get(form.get('client_id') ?? '')
  const timestamp = form.get('timestamp') ?? ''
  if (form.get('action') !== 'getnonce') return no(codes.notImplemented, 'There is no such action')
  const isFresh = Math.abs(Number(timestamp) * 1000 - site.now()) < nonceMs
  if (!app || !isFresh || form.get('signature') !== sign(app, 'getnonce', timestamp))
    return no(codes.unauthenticated, 'The signature is wrong')
  const nonce = site.ids.draw('nonce')
  nonces(app).set(nonce, site.now() + nonceMs)
  return ok({ nonce })
}

/** By nonce and signature: a nonce is good once. */
function signedBy(site: Site, { form }: Ask): App | null {
  const app = site.apps.get(form.get('client_id') ?? '')
  const nonce = form.get('nonce') ?? ''
  const expiresAt = app && nonces(app).get(nonce)
  if (!app || expiresAt === undefined) return null
  nonces(app).delete(nonce)
  const isRight = form.get('signature') === sign(app, form.get('action') ?? '', nonce)
  return isRight && expiresAt > site.now() ? app : null
}

function giveToken(site: Site, ask: Ask): Response {
  try {
    const app = ask.form.has('signature') ? signedBy(site, ask) : clientOf(site, ask, ask.form)
    if (!app) return no(codes.unauthenticated, 'The signature is wrong')
    return ok(tokenAnswer(exchange(site, app, ask.form)))
  } catch (refused) {
    if (!(refused instanceof TokenRefused)) throw refused
    return no(codes.invalid, `Invalid Params: ${wrongPart(refused.error, ask.form)}`)
  }
}

/** One status for whatever is wrong; the text names it. */
function wrongPart(error: TokenError, form: URLSearchParams): string {
  if (error === 'invalid_client') return 'invalid client id/secret'
  if (error === 'unsupported_grant_type') return 'invalid grant_type'
  return form.get('grant_type') === 'refresh_token' ? 'invalid refresh_token' : 'invalid code'
}

function revoke(site: Site, ask: Ask): Response {
  const app = signedBy(site, ask)
  if (!app) return no(codes.unauthenticated, 'The signature is wrong')
  const account = site.accounts.get(ask.form.get('userid') ?? '')
  if (!account || !site.grants.end(account.id, app.clientId)) return no(codes.nothing, 'There is no such user')
  hooksOf(account, app).length = 0
  return ok()
}
