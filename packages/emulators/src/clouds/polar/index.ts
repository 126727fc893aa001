/** Polar AccessLink v3: no refresh token, registration before data, and nothing from before it. */
import type { Account, Draft } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import type { Ids } from '../kit/ids.ts'
import type { LimitState } from '../kit/limits.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import type { Brand } from '../kit/site.ts'
import { dataRoutes } from './data.ts'
import { daysOf } from './days.ts'
import { exercisesOf } from './exercises.ts'
import { error } from './say.ts'
import { registrationOf, userRoutes } from './users.ts'
import { tellApps, webhookRoutes } from './webhooks.ts'

const statuses = { missing_scope: 403, no_route: 404, wrong_method: 405 } as const

const brand: Brand = {
  id: 'polar',
  name: 'Polar',
  oauth: {
    authorizePaths: ['/oauth2/authorization'],
    tokenPaths: ['/v2/oauth2/token'],
    scopes: { 'accesslink.read_all': 'Everything in your Polar Flow account' },
    scopesByDefault: ['accesslink.read_all'],
    separator: ' ',
    choice: 'all',
    pkce: 'none',
    redirect: 'exact',
    codeSeconds: 600,
    codeAgain: 'ends',
    client: ['basic'],
    body: 'form',
    accessSeconds: 473_039_999,
    oldAccess: 'lives',
    refresh: 'none',
    refreshing: 'strict',
    refreshAgain: 'refused',
    answer: ({ accessToken, expiresIn, account }) => ({
      access_token: accessToken,
      token_type: 'bearer',
      expires_in: expiresIn,
      x_user_id: Number(account.id),
    }),
  },
  limits: {
    windows: [
      { requests: 500, seconds: 900, starts: 'first', per: 'app' },
      { requests: 5_000, seconds: 86_400, starts: 'first', per: 'app' },
    ],
    perAccount: [20, 100],
    refusedCounts: true,
    headers: (states) => ({
      'ratelimit-usage': listed(states, 'used'),
      'ratelimit-limit': listed(states, 'limit'),
      'ratelimit-reset': listed(states, 'resets'),
    }),
    tooMany: () => json({ error: { status: 429, message: 'Too many requests.' } }, 429),
  },
  accountId: (ids, { email }) => String(ids.integer(8, 'user', email)),
  records,
  routes: (site) => [...dataRoutes(site), ...userRoutes(site), ...webhookRoutes(site)],
  refuse: (why) => {
    const status = why in statuses ? statuses[why as keyof typeof statuses] : 401
    return json({ error: { status, message: why.replace('_', ' ') } }, status)
  },
  bars(ask, _, { path }) {
    if (path === '/v3/users' || path === '/v3/users/:id') return undefined
    if (ask.account.traits.has('no_consents'))
      return error(ask, 403, 'The user has not accepted the mandatory consents.')
    return registrationOf(ask.account, ask.app) ? undefined : error(ask, 403, 'The user is not registered.')
  },
  tell: tellApps,
  left: async (_, account, app) => {
    account.notes.delete(`registration/${app.clientId}`)
  },
}

const listed = (states: readonly LimitState[], of: 'used' | 'limit' | 'resets') =>
  states.map((state) => state[of]).join(', ')

function records(ids: Ids) {
  return function* (account: Account): Iterable<Draft> {
    yield* exercisesOf(ids, account)
    yield* daysOf(account)
  }
}

export const polar = makeCloud(brand)
