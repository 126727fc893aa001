/** The authorize endpoint: its page, and what becomes of what the person chose. */
import { html, redirect } from './answers.ts'
import type { Code } from './grants.ts'
import { type Ask, anyone, type Route } from './router.ts'
import { refusalPage, signInPage } from './sign-in-page.ts'
import type { App, Site } from './site.ts'

export const authorizeRoutes = (site: Site): Route[] =>
  site.brand.oauth.authorizePaths.flatMap((path) => [
    anyone('GET', path, (ask) => showPage(site, ask)),
    anyone('POST', path, (ask) => takeChoice(site, ask)),
  ])

interface Wish {
  app: App
  redirectUri: URL
  state: string | null
  scopes: readonly string[]
  challenge: Code['challenge']
}

function showPage(site: Site, { url }: Ask): Response {
  const wish = readWish(site, url.searchParams)
  if (wish instanceof Response) return wish
  const { oauth, name } = site.brand
  return html(
    signInPage({
      brand: name,
      action: url.pathname + url.search,
      accounts: [...site.accounts.values()],
      scopes: wish.scopes.map((scope) => ({ scope, words: oauth.scopes[scope] ?? scope })),
      canUntick: oauth.choice === 'ticks',
      appsPath: site.options.appsPath,
    }),
  )
}

function takeChoice(site: Site, { url, form }: Ask): Response {
  const wish = readWish(site, url.searchParams)
  if (wish instanceof Response) return wish
  const { app, redirectUri, state, challenge } = wish
  const { oauth, name } = site.brand
  if (form.get('answer') !== 'allow') return back(wish, { error: 'access_denied' })
  const account = site.accounts.get(form.get('account') ?? '')
  if (!account) return html(refusalPage(name, 'Choose an account.'), 400)
  const cap = oauth.accountsPerApp
  const accounts = site.grants.accountsOf(app.clientId)
  if (cap !== undefined && accounts.size >= cap && !accounts.has(account.id))
    return html(refusalPage(name, `This app has reached its limit of ${cap} connected accounts.`), 403)
  const ticked = new Set(form.getAll('scope'))
  const scopes = oauth.choice === 'ticks' ? wish.scopes.filter((scope) => ticked.has(scope)) : wish.scopes
  const code = site.grants.writeCode(
    {
      clientId: app.clientId,
      account: account.id,
      scopes,
      redirectUri: url.searchParams.get('redirect_uri'),
      challenge,
      isBrief: oauth.refreshAsked?.(url.searchParams, !accounts.has(account.id)) === false,
    },
    site.now(),
  )
  return back({ redirectUri, state }, { code, ...(oauth.tellsScopes ? { scope: scopes.join(oauth.separator) } : {}) })
}

function back({ redirectUri, state }: Pick<Wish, 'redirectUri' | 'state'>, parameters: Record<string, string>) {
  const to = new URL(redirectUri)
  for (const [name, value] of Object.entries(parameters)) to.searchParams.set(name, value)
  if (state !== null) to.searchParams.set('state', state)
  return redirect(to)
}

/** What the app asks for; a page for what must not be sent on, a redirect with an error for the rest (RFC 6749 §4.1.2.1). */
function readWish(site: Site, query: URLSearchParams): Wish | Response {
  const { oauth, name } = site.brand
  const refuse = (reason: string) => html(refusalPage(name, reason), 400)
  const app = site.apps.get(query.get('client_id') ?? '')
  if (!app) return refuse('There is no app with this client_id.')
  const redirectUri = redirectOf(app, query.get('redirect_uri'), oauth.redirect)
  if (!redirectUri) return refuse('The redirect_uri is not one that the app has registered.')
  const state = query.get('state')
  const fault = (error: string, reason: string) => back({ redirectUri, state }, { error, error_description: reason })
  if (query.get('response_type') !== 'code') return fault('unsupported_response_type', 'response_type must be code')
  if (oauth.stateLength !== undefined && (state?.length ?? 0) < oauth.stateLength)
    return fault('invalid_state', `state must have at least ${oauth.stateLength} characters`)
  const asked = (query.get('scope') ?? '').split(oauth.separator).filter(Boolean)
  const scopes = asked.length ? [...new Set(asked)] : (oauth.scopesByDefault ?? [])
  const strange = scopes.find((scope) => !(scope in oauth.scopes))
  if (strange !== undefined || (!scopes.length && Object.keys(oauth.scopes).length > 0))
    return fault('invalid_scope', strange === undefined ? 'scope is missing' : `there is no scope ${strange}`)
  const clash = oauth.scopesFault?.(asked)
  if (clash) return fault('invalid_scope', clash)
  const challenge = challengeOf(query)
  if (oauth.pkce === 'required' && challenge?.method !== 'S256')
    return fault('invalid_request', 'code_challenge with code_challenge_method=S256 is required')
  return { app, redirectUri, state, scopes, challenge: oauth.pkce === 'none' ? null : challenge }
}

function redirectOf({ redirectUris }: App, given: string | null, rule: 'exact' | 'domain'): URL | null {
  const only = redirectUris.length === 1 ? redirectUris[0] : undefined
  const wanted = given ?? only
  if (wanted === undefined || !URL.canParse(wanted)) return null
  const url = new URL(wanted)
  const isRegistered =
    rule === 'exact'
      ? redirectUris.includes(wanted)
      : url.hostname === 'localhost' || redirectUris.some((uri) => new URL(uri).hostname === url.hostname)
  return isRegistered ? url : null
}

function challengeOf(query: URLSearchParams): Code['challenge'] {
  const value = query.get('code_challenge')
  if (!value) return null
  return { value, method: query.get('code_challenge_method') === 'S256' ? 'S256' : 'plain' }
}
