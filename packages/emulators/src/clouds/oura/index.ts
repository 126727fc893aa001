/** Oura: documents by day, refresh tokens that are good once, webhooks for each kind of data. */

import { Account, type Draft } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import type { Ids } from '../kit/ids.ts'
import type { LimitState } from '../kit/limits.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { type Ask, anyone, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { peopleOf } from '../people-of.ts'
import { collectionRoutes } from './collections.ts'
import { dailiesOf } from './daily.ts'
import { problem } from './problem.ts'
import { sessionsOf } from './sessions.ts'
import { sleepsOf } from './sleep.ts'
import { tellApps, webhookRoutes } from './webhooks.ts'

/** What older pages quote; the current one gives no number. */
const perWindow = { requests: 5_000, seconds: 300, starts: 'first' } as const

const brand: Brand = {
  id: 'oura',
  name: 'Oura',
  oauth: {
    authorizePaths: ['/oauth/authorize'],
    tokenPaths: ['/oauth/token'],
    scopes: {
      email: 'Your e-mail address',
      personal: 'Your gender, age, height and weight',
      daily: 'Daily summaries of sleep, activity and readiness',
      heartrate: 'Your heart rate',
      workout: 'Your workouts',
      tag: 'Your tags',
      session: 'Your sessions',
      spo2Daily: 'Your blood oxygen by night',
    },
    separator: ' ',
    choice: 'ticks',
    tellsScopes: true,
    scopesByDefault: ['email', 'personal', 'daily', 'heartrate', 'workout', 'tag', 'session', 'spo2Daily'],
    pkce: 'none',
    redirect: 'exact',
    codeSeconds: 600,
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 86_400,
    oldAccess: 'lives',
    refresh: 'rotates',
    refreshing: 'strict',
    refreshAgain: 'refused',
    accountsPerApp: 10,
    answer: ({ accessToken, refreshToken, expiresIn }) => ({
      token_type: 'bearer',
      access_token: accessToken,
      expires_in: expiresIn,
      refresh_token: refreshToken,
    }),
    refuse: (error, reason) => {
      const status = error === 'invalid_client' ? 401 : 400
      const detail = error === 'invalid_grant' && /refresh/.test(reason) ? 'token already used or revoked' : reason
      return json({ error, error_description: detail, status, title: error, detail }, status)
    },
  },
  limits: {
    windows: [
      { ...perWindow, per: 'account' },
      { ...perWindow, per: 'app' },
    ],
    tooMany,
  },
  accountId: (ids, { email }) => ids.uuid('person', email),
  records,
  routes: (site) => [
    ...collectionRoutes(site.now, inventedPerson(site)),
    ...webhookRoutes(site),
    ...revokeRoutes(site),
  ],
  appOf: ({ request }, { apps }) => {
    const found = apps.get(request.headers.get('x-client-id') ?? '')
    return found && found.clientSecret === request.headers.get('x-client-secret') ? found : undefined
  },
  refuse,
  bars: ({ account }, _, { path }) =>
    account.traits.has('lapsed') && !path.endsWith('/personal_info')
      ? problem(403, 'Forbidden', "The member's Oura subscription has expired and their data is not available.")
      : undefined,
  tell: tellApps,
}

function records(ids: Ids) {
  return function* (account: Account): Iterable<Draft> {
    yield* sleepsOf(ids, account)
    yield* dailiesOf(ids, account)
    yield* sessionsOf(ids, account)
    const id = ids.uuid('ring', account.email)
    const ring = { id, color: 'silver', design: 'heritage', firmware_version: '2.9.3', hardware_type: 'gen3', size: 9 }
    yield { feed: 'ring_configuration', id, at: 0, body: { ...ring, set_up_at: '2025-01-04T09:12:00+00:00' } }
  }
}

/** The last days of somebody who is none of the accounts; made when the sandbox is first asked. */
function inventedPerson(site: Site): () => Account {
  let account: Account | undefined
  return () => {
    if (account) return account
    const [somebody] = peopleOf(site.options.seed + 900, { until: site.now(), days: 3 })
    if (!somebody) throw new Error('there is nobody')
    const recordings = somebody.recordings['oura'] ?? []
    account = new Account(site.ids.uuid('sandbox'), { ...somebody, recordings }, records(site.ids), site.now())
    return account
  }
}

function tooMany(states: readonly LimitState[]): Response {
  const over = states.findIndex(({ isOver }) => isOver)
  const { limit = 0, resets = 0, resetsAt = 0 } = states[over] ?? {}
  return problem(429, 'Too many requests', 'The limit of requests is reached.', {
    'retry-after': String(resets),
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-window': String(perWindow.seconds),
    'x-ratelimit-reset': String(resetsAt),
    'x-ratelimit-tier': over === 0 ? 'token' : 'application',
  })
}

function refuse(why: Refused, scopes: readonly string[]): Response {
  switch (why) {
    case 'missing_scope':
      return problem(403, 'Forbidden', `The token lacks the scope ${scopes.join(' or ')}.`)
    case 'bad_client':
      return problem(401, 'Unauthorized', 'x-client-id or x-client-secret is wrong.')
    case 'no_route':
      return problem(404, 'Not found', 'There is nothing at this path.')
    case 'wrong_method':
      return problem(405, 'Method not allowed', 'Not with this method.')
    default:
      return problem(401, 'Unauthorized', 'The access token is missing, expired or revoked.')
  }
}

/** The page shows GET, others use POST; the token is in the query of both. */
const revokeRoutes = (site: Site): Route[] =>
  ['GET', 'POST'].map((method) => anyone(method, '/oauth/revoke', (ask) => revoke(site, ask)))

function revoke(site: Site, { query }: Ask): Response {
  const access = site.grants.use(query.get('access_token') ?? '', site.now())
  if (access.kind !== 'known') return refuse('unknown_token', [])
  site.grants.endGrant(access.grant)
  return json({})
}

export const oura = makeCloud(brand)
