/**
 * Polar's Dynamic API v4: an app of its own beside AccessLink v3, with scopes, tokens of twelve hours that rotate, and no webhooks.
 * Of an account: `wrapped` answers with the outer names that Polar's specification shows and live answers lack · `featureless` refuses
 * `features` on training sessions with 400, as one client was · `tells_user_id` has `x_user_id` in its token answer.
 */
import type { Account, Draft } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import type { Ids } from '../kit/ids.ts'
import type { LimitState } from '../kit/limits.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import type { Brand, Refused } from '../kit/site.ts'
import { accountRoutes } from './account.ts'
import { daysOf } from './days.ts'
import { listRoutes } from './lists.ts'
import { nightsOf } from './nights.ts'
import { sessionsOf } from './sessions.ts'

const scopes = {
  'activity:read': 'Daily activity',
  'sleep:read': 'Sleep',
  'nightly_recharge:read': 'Nightly Recharge',
  'continuous_samples:read': 'Continuous samples',
  'ppi_data:read': 'Pulse-to-pulse intervals',
  'training_sessions:read': 'Training sessions',
  'tests:read': 'Tests',
  'temperature_measurement:read': 'Temperature measurements',
  'skin_contact:read': 'Skin contact',
  'calendar:read': 'Calendar',
  'devices:read': 'Your devices',
  'profile:read': 'Your profile, with your e-mail address',
  'routes:read': 'Routes',
  'sports:read': 'Sports',
}

const brand: Brand = {
  id: 'polar_dynamic',
  name: 'Polar',
  oauth: {
    authorizePaths: ['/oauth/authorize'],
    tokenPaths: ['/oauth/token'],
    scopes,
    separator: ' ',
    choice: 'ticks',
    pkce: 'none',
    redirect: 'exact',
    codeSeconds: 600,
    codeAgain: 'refused',
    client: ['basic'],
    body: 'form',
    accessSeconds: 43_199,
    oldAccess: 'lives',
    refresh: 'rotates',
    refreshing: 'strict',
    refreshAgain: 'refused',
    answer: ({ accessToken, refreshToken, expiresIn, grant, account }) => ({
      access_token: accessToken,
      token_type: 'bearer',
      refresh_token: refreshToken,
      expires_in: expiresIn,
      scope: grant.scopes.join(' '),
      jti: accessToken.slice(0, 12),
      ...(account.traits.has('tells_user_id') ? { x_user_id: 53_110_277 } : {}),
    }),
  },
  limits: {
    windows: [
      { requests: 3_000, seconds: 900, starts: 'first', per: 'app' },
      { requests: 100_000, seconds: 86_400, starts: 'first', per: 'app' },
    ],
    headers: (states) => ({
      'ratelimit-usage': listed(states, 'used'),
      'ratelimit-limit': listed(states, 'limit'),
      'ratelimit-reset': listed(states, 'resets'),
    }),
    tooMany: () => json({ errorMessage: 'Too many requests' }, 429),
  },
  accountId: (_, { email }) => email,
  records,
  routes: () => [...listRoutes, ...accountRoutes],
  refuse,
}

const listed = (states: readonly LimitState[], of: 'used' | 'limit' | 'resets') =>
  states.map((state) => state[of]).join(', ')

function refuse(why: Refused, scopes: readonly string[]): Response {
  if (why === 'missing_scope') return json({ errorMessage: `Missing required scope: ${scopes[0]}` }, 403)
  if (why === 'no_route') return json({ errorMessage: 'Not found' }, 404)
  if (why === 'wrong_method') return json({ errorMessage: 'Method not allowed' }, 405)
  return json({ errorMessage: 'Unauthorized' }, 401)
}

function records(ids: Ids) {
  return function* (account: Account): Iterable<Draft> {
    yield* sessionsOf(ids, account)
    yield* nightsOf(account)
    yield* daysOf(account)
  }
}

export const polarDynamic = makeCloud(brand)
