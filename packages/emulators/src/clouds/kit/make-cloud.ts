/** A brand, running. */
import type { Cloud, CloudOptions } from '../cloud.ts'
import { Account, type Change } from './accounts.ts'
import { authorizeRoutes } from './authorize.ts'
import { Courier } from './courier.ts'
import { Faults, fail } from './faults.ts'
import { Grants } from './grants.ts'
import { Ids } from './ids.ts'
import { grantOfKey, Keys, noApp } from './keys.ts'
import { type LimitState, Meter } from './limits.ts'
import { OAuth1Desk } from './oauth1.ts'
import { type Ask, basicOf, bearerOf, findRoute, type Route, readAsk } from './router.ts'
import type { App, Brand, Site } from './site.ts'
import { tokenRoutes } from './token.ts'

export type MakeCloud = (options: CloudOptions) => Cloud

/** Fields of queries and forms that are nobody's business, also not a test's. */
const secrets = new Set(
  'access_token refresh_token token client_secret code code_verifier code_challenge state nonce signature verify_token verification_token password oauth_token oauth_verifier'.split(
    ' ',
  ),
)

export const makeCloud =
  (brand: Brand): MakeCloud =>
  (options) => {
    const site = openSite(brand, options)
    const { ids, apps, accounts, grants, courier, now } = site
    const desk = brand.oauth1 && new OAuth1Desk(site, brand.oauth1)
    const routes = [...authorizeRoutes(site), ...tokenRoutes(site), ...(desk?.routes() ?? []), ...brand.routes(site)]
    const meter = brand.limits && new Meter(brand.limits, options.limits)
    const faults = new Faults()
    const log: Cloud['log'][number][] = []
    const must = (id: string): Account => {
      const account = accounts.get(id)
      if (!account) throw new Error(`${brand.name} has no account ${id}`)
      return account
    }
    const told = async (account: Account, changes: readonly Change[]) => {
      if (changes.length) await brand.tell?.(site, account, changes)
    }
    const leave = async (account: Account, app: App) => {
      if (grants.end(account.id, app.clientId)) await brand.left?.(site, account, app)
    }

    return {
      id: brand.id,
      name: brand.name,
      log,
      async handle(request) {
        const url = new URL(request.url)
        const found = findRoute(routes, request.method, url.pathname)
        const ask = await readAsk(request, url, typeof found === 'string' ? {} : found.params)
        const answered = async () =>
          typeof found === 'string' ? brand.refuse(found, []) : reply({ site, meter, desk }, found.route, ask)
        const fault = faults.take(url.pathname)
        const entry = { method: request.method, path: url.pathname, query: sayable(ask), status: 0 }
        log.push(entry)
        const response = fault ? await fail(fault, request, answered) : await answered()
        entry.status = response.status
        return response
      },
      registerApp({ redirectUris, webhookUrl }) {
        const clientId = String(ids.integer(6, 'app', apps.size))
        const clientSecret = ids.draw('client secret')
        const extra = brand.appExtra?.(ids, clientId) ?? {}
        apps.set(clientId, { clientId, clientSecret, extra, redirectUris, webhookUrl, notes: new Map() })
        return { clientId, clientSecret, extra }
      },
      addAccount(account) {
        const id = brand.accountId(ids, account)
        if (accounts.has(id)) throw new Error(`${brand.name} has this account already`)
        accounts.set(id, new Account(id, account, brand.records(ids), now()))
        return id
      },
      async record(id, recording) {
        const account = must(id)
        await told(account, account.record(recording, now()))
      },
      async deleteRecord(id, record) {
        const account = must(id)
        const changes = account.delete(record, now())
        if (!changes.length) throw new Error(`the account has no record ${record}`)
        await told(account, changes)
      },
      async revoke(id, clientId) {
        const app = apps.get(clientId)
        if (!app) throw new Error(`${brand.name} has no app ${clientId}`)
        await leave(must(id), app)
      },
      ...(brand.apiKey
        ? {
            apiKey: {
              of: (id: string) => site.keys.of(must(id).id),
              renew: (id: string) => site.keys.renew(must(id).id),
            },
          }
        : {}),
      setTraits(id, traits) {
        const account = must(id)
        account.setTraits(traits)
        brand.changed?.(site, account)
      },
      async deleteAccount(id) {
        const account = must(id)
        for (const app of site.appsOf(account)) await leave(account, app)
        accounts.delete(id)
      },
      failNext: (prefix, fault, times = 1) => faults.plan(prefix, fault, times),
      catchUp: () => courier.catchUp(),
    }
  }

function openSite(brand: Brand, options: CloudOptions): Site {
  const ids = new Ids(options.seed, brand.id)
  const now = () => options.clock.now()
  const site: Site = {
    brand,
    options,
    ids,
    apps: new Map(),
    accounts: new Map(),
    grants: new Grants(brand.oauth, ids, options.refreshing),
    keys: new Keys(ids),
    courier: new Courier(now, options.send),
    now,
    accountOf({ account }) {
      const found = site.accounts.get(account)
      if (!found) throw new Error('a grant outlived its account')
      return found
    },
    appsOf: (account) =>
      [...site.apps.values()].filter(({ clientId }) => site.grants.live(account.id, clientId).length),
  }
  return site
}

interface Running {
  site: Site
  meter: Meter | undefined
  desk: OAuth1Desk | undefined
}

async function reply({ site, meter, desk }: Running, route: Route, ask: Ask): Promise<Response> {
  const { brand } = site
  if (route.who === 'anyone') return route.answer(ask)
  const known = route.who === 'app' ? knowApp(site, ask) : knowPerson(site, desk, ask)
  if (known instanceof Response) return known
  const states = meter && brand.limits && count(site, meter, known, ask)
  const answer =
    states?.some(({ isOver }) => isOver) && brand.limits
      ? brand.limits.tooMany(states)
      : await answerTo(site, route, { ...ask, ...known })
  for (const [name, value] of Object.entries((states && brand.limits?.headers?.(states)) ?? {}))
    answer.headers.set(name, value)
  return answer
}

type Known = ReturnType<typeof personOf> | { app: App }

function personOf(site: Site, grant: ReturnType<typeof site.grants.live>[number]) {
  const app = site.apps.get(grant.clientId)
  if (!app) throw new Error('a grant outlived its app')
  return { app, grant, account: site.accountOf(grant) }
}

function knowApp(site: Site, ask: Ask): { app: App } | Response {
  const { brand, apps } = site
  const basic = basicOf(ask.request)
  const byBasic = () => {
    const app = apps.get(basic?.id ?? '')
    return app && app.clientSecret === basic?.secret ? app : undefined
  }
  const app = brand.appOf ? brand.appOf(ask, site) : byBasic()
  return app ? { app } : brand.refuse('bad_client', [])
}

function knowPerson(site: Site, desk: OAuth1Desk | undefined, ask: Ask): Known | Response {
  const { brand, grants } = site
  const { request } = ask
  const key = brand.apiKey?.of(request)
  if (brand.apiKey && typeof key === 'string') {
    const owner = site.keys.ownerOf(key, site.accounts.keys())
    if (owner === undefined) return brand.refuse('unknown_token', [])
    const grant = grantOfKey(owner, brand.apiKey)
    return { app: noApp, grant, account: site.accountOf(grant) }
  }
  const token = desk?.tokenOf(ask) ?? brand.tokenOf?.(request) ?? bearerOf(request)
  if (!token) return brand.refuse('no_token', [])
  const access = grants.use(token, site.now())
  if (access.kind !== 'known') return brand.refuse(`${access.kind}_token`, [])
  return personOf(site, access.grant)
}

function count(site: Site, meter: Meter, known: Known, { request, url }: Ask): LimitState[] {
  const app = known.app.clientId
  const accounts = site.grants.accountsOf(app).size
  const counted = { app, accounts, method: request.method, path: url.pathname }
  return meter.take('account' in known ? { ...counted, account: known.account.id } : counted, site.now())
}

async function answerTo(site: Site, route: Route, ask: Ask & Known): Promise<Response> {
  if (route.who === 'anyone') return route.answer(ask)
  if (route.who === 'app') return route.answer(ask)
  if (!('grant' in ask)) throw new Error('a person has a grant')
  const { scopes } = route
  if (scopes.length && !scopes.some((scope) => ask.grant.scopes.includes(scope)))
    return site.brand.refuse('missing_scope', scopes)
  return site.brand.bars?.(ask, site, route) ?? route.answer(ask)
}

function sayable({ query, form }: Ask): string {
  const said = new URLSearchParams([...query, ...form].filter(([name]) => !secrets.has(name)))
  return said.toString()
}
