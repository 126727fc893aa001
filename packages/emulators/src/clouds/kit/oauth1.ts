/**
 * A brand that still speaks OAuth 1.0a (RFC 5849, HMAC-SHA1): a temporary token, the person's yes to it, a token that lasts, and every
 * request signed. Written from the RFC, beside OAuth 2 and over the same grants.
 */
import { createHmac } from 'node:crypto'
import { html, redirect } from './answers.ts'
import { type Ask, anyone, type Route } from './router.ts'
import { refusalPage, signInPage } from './sign-in-page.ts'
import type { App, Site } from './site.ts'

export interface OAuth1Style {
  requestPath: string
  authorizePath: string
  accessPath: string
  /** YYYY-MM-DD, where the brand ends it: from then on nothing is signed well enough. */
  endsOn?: string
}

interface Temporary {
  secret: string
  clientId: string
  callback: string
  expiresAt: number
  /** Once the person has said yes. */
  approved?: { account: string; scopes: readonly string[]; verifier: string }
}

/** A request whose signature is right, and the app that signed it. */
interface Signed {
  app: App
  said: ReadonlyMap<string, string>
}

const temporaryMs = 600_000
const timestampMs = 300_000

export class OAuth1Desk {
  readonly #site: Site
  readonly #style: OAuth1Style
  readonly #temporary = new Map<string, Temporary>()
  readonly #secrets = new Map<string, string>()
  readonly #seen = new Set<string>()

  constructor(site: Site, style: OAuth1Style) {
    this.#site = site
    this.#style = style
  }

  routes(): Route[] {
    const { requestPath, authorizePath, accessPath } = this.#style
    return [
      anyone('POST', requestPath, (ask) => this.#giveTemporary(ask)),
      anyone('GET', authorizePath, (ask) => this.#showPage(ask)),
      anyone('POST', authorizePath, (ask) => this.#takeChoice(ask)),
      anyone('POST', accessPath, (ask) => this.#giveToken(ask)),
    ]
  }

  /** The token of a signed request. Undefined: it is not signed so; null: it is, and not well. */
  tokenOf(ask: Ask): string | null | undefined {
    if (!headerOf(ask).size) return undefined
    const signed = this.#verify(ask, (token) => this.#secrets.get(token))
    return signed?.said.get('oauth_token') ?? null
  }

  #giveTemporary(ask: Ask): Response {
    const signed = this.#verify(ask, () => '')
    const callback = signed?.said.get('oauth_callback') ?? ''
    if (!signed) return no('signature_invalid')
    if (!isRegistered(signed.app, callback)) return no('parameter_rejected', 400)
    const [token, secret] = [this.#site.ids.draw('temporary'), this.#site.ids.draw('temporary secret')]
    const expiresAt = this.#site.now() + temporaryMs
    this.#temporary.set(token, { secret, clientId: signed.app.clientId, callback, expiresAt })
    return pair(token, secret, { oauth_callback_confirmed: 'true' })
  }

  #showPage({ url, query }: Ask): Response {
    const { brand, accounts } = this.#site
    if (!this.#waiting(query)) return html(refusalPage(brand.name, 'This request is not known, or it is over.'), 400)
    const scopes = Object.entries(brand.oauth.scopes).map(([scope, words]) => ({ scope, words }))
    const action = url.pathname + url.search
    return html(signInPage({ brand: brand.name, action, accounts: [...accounts.values()], scopes, canUntick: true }))
  }

  #takeChoice({ query, form }: Ask): Response {
    const { brand, accounts, ids } = this.#site
    const waiting = this.#waiting(query)
    if (!waiting) return html(refusalPage(brand.name, 'This request is not known, or it is over.'), 400)
    const to = new URL(waiting.callback)
    to.searchParams.set('oauth_token', query.get('oauth_token') ?? '')
    if (form.get('answer') !== 'allow') {
      to.searchParams.set('oauth_problem', 'user_refused')
      return redirect(to)
    }
    const account = accounts.get(form.get('account') ?? '')
    if (!account) return html(refusalPage(brand.name, 'Choose an account.'), 400)
    const verifier = ids.draw('verifier', 20)
    waiting.approved = { account: account.id, scopes: form.getAll('scope'), verifier }
    to.searchParams.set('oauth_verifier', verifier)
    return redirect(to)
  }

  /** A temporary token is good once, with the verifier that came back with the person. */
  #giveToken(ask: Ask): Response {
    const signed = this.#verify(ask, (token) => this.#temporary.get(token)?.secret)
    if (!signed) return no('signature_invalid')
    const token = signed.said.get('oauth_token') ?? ''
    const temporary = this.#temporary.get(token)
    const approved = temporary?.approved
    if (!approved || temporary.clientId !== signed.app.clientId || temporary.expiresAt <= this.#site.now())
      return no('token_rejected')
    if (signed.said.get('oauth_verifier') !== approved.verifier) return no('permission_denied')
    this.#temporary.delete(token)
    const access = this.#site.grants.beginLasting({ ...approved, clientId: signed.app.clientId })
    const secret = this.#site.ids.draw('token secret')
    this.#secrets.set(access.token, secret)
    return pair(access.token, secret)
  }

  #waiting(query: URLSearchParams): Temporary | undefined {
    const found = this.#temporary.get(query.get('oauth_token') ?? '')
    return found && !found.approved && found.expiresAt > this.#site.now() ? found : undefined
  }

  /** §3.2: the app is known, the signature its own, the time near ours, and the nonce new. */
  #verify(ask: Ask, secretOf: (token: string) => string | undefined): Signed | undefined {
    const said = headerOf(ask)
    const { endsOn } = this.#style
    if (endsOn && this.#site.now() >= Date.parse(endsOn)) return undefined
    const app = this.#site.apps.get(said.get('oauth_consumer_key') ?? '')
    const secret = secretOf(said.get('oauth_token') ?? '')
    if (!app || secret === undefined || said.get('oauth_signature_method') !== 'HMAC-SHA1') return undefined
    const key = `${encode(app.clientSecret)}&${encode(secret)}`
    const wanted = createHmac('sha1', key).update(baseOf(ask, said)).digest('base64')
    const stamp = Number(said.get('oauth_timestamp')) * 1_000
    const once = `${app.clientId} ${stamp} ${said.get('oauth_nonce')}`
    if (said.get('oauth_signature') !== wanted || this.#seen.has(once)) return undefined
    if (!(Math.abs(stamp - this.#site.now()) <= timestampMs)) return undefined
    this.#seen.add(once)
    return { app, said }
  }
}

/** What stands in `Authorization: OAuth …`; nothing when it is another kind. */
function headerOf({ request }: Ask): ReadonlyMap<string, string> {
  const [, list = ''] = /^OAuth (.*)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  const parts = list.matchAll(/([^\s,=]+)="([^"]*)"/g)
  return new Map([...parts].map(([, name = '', value = '']) => [decodeURIComponent(name), decodeURIComponent(value)]))
}

/** §3.4.1. */
function baseOf({ request, url, query, form }: Ask, said: ReadonlyMap<string, string>): string {
  const own = [...said].filter(([name]) => name !== 'oauth_signature' && name !== 'realm')
  const parameters = [...query, ...form, ...own]
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => (a === b ? order(x, y) : order(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return [request.method, url.origin + url.pathname, parameters].map(encode).join('&')
}

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

const encode = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const sign = String.fromCharCode(byte)
      return /[A-Za-z0-9\-._~]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')

/** An app registers the address; what stands behind the question mark is its own business. */
function isRegistered({ redirectUris }: App, callback: string): boolean {
  if (!URL.canParse(callback)) return false
  const { origin, pathname } = new URL(callback)
  return redirectUris.includes(`${origin}${pathname}`)
}

const text = (body: URLSearchParams, status: number): Response =>
  new Response(body.toString(), { status, headers: { 'content-type': 'application/x-www-form-urlencoded' } })

const no = (problem: string, status = 401): Response => text(new URLSearchParams({ oauth_problem: problem }), status)

const pair = (token: string, secret: string, more: Record<string, string> = {}): Response =>
  text(new URLSearchParams({ oauth_token: token, oauth_token_secret: secret, ...more }), 200)
