/** WHOOP: cycles instead of days, scores that come later, pages of 25 from the newest on. */

import type { Account, Kept } from '../kit/accounts.ts'
import { html, json, nothing } from '../kit/answers.ts'
import type { LimitState } from '../kit/limits.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { markOf, pageOf, readMark } from '../kit/paging.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { recordsOf } from './records.ts'
import { exists, shown } from './shown.ts'
import { tellApps } from './webhooks.ts'

const base = '/developer'

const said = (status: number, message: string) => json({ message }, status)

/** What clients send that were told nothing better. */
const blockedAgents = /^(node|undici|python-requests|python-urllib|go-http-client|curl)\b/i

const brand: Brand = {
  id: 'whoop',
  name: 'WHOOP',
  oauth: {
    authorizePaths: ['/oauth/oauth2/auth'],
    tokenPaths: ['/oauth/oauth2/token'],
    scopes: {
      'read:recovery': 'Your recovery',
      'read:cycles': 'Your cycles',
      'read:workout': 'Your workouts',
      'read:sleep': 'Your sleep',
      'read:profile': 'Your name and e-mail address',
      'read:body_measurement': 'Your height, weight and greatest heart rate',
      offline: 'All of it also while you are away',
    },
    separator: ' ',
    choice: 'all',
    stateLength: 8,
    pkce: 'none',
    redirect: 'exact',
    codeSeconds: 600,
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 3_600,
    oldAccess: 'dies',
    refresh: 'rotates',
    refreshScope: 'offline',
    refreshNeeds: { scope: 'offline' },
    refreshing: 'strict',
    refreshAgain: 'refused',
    accountsPerApp: 10,
    answer: ({ accessToken, refreshToken, expiresIn, grant }) => ({
      access_token: accessToken,
      expires_in: expiresIn,
      ...(refreshToken ? { refresh_token: refreshToken } : {}),
      scope: grant.scopes.join(' '),
      token_type: 'bearer',
    }),
  },
  limits: {
    windows: [
      { requests: 100, seconds: 60, starts: 'first', per: 'app' },
      { requests: 10_000, seconds: 86_400, starts: 'first', per: 'app' },
    ],
    headers: limitHeaders,
    tooMany: () => said(429, 'Too many requests'),
  },
  accountId: (ids, { email }) => String(ids.integer(5, 'user', email)),
  records: (ids) => (account) => recordsOf(ids, account),
  routes,
  refuse,
  bars: ({ request }) =>
    blockedAgents.test(request.headers.get('user-agent') ?? '') ? html('<h1>403 Forbidden</h1>', 403) : undefined,
  tell: tellApps,
}

function limitHeaders(states: readonly LimitState[]): Record<string, string> {
  const [minute, day] = states
  const left = states.map(({ limit, used }) => Math.max(0, limit - used))
  return {
    'x-ratelimit-limit': `${minute?.limit}, ${minute?.limit};window=60, ${day?.limit};window=86400`,
    'x-ratelimit-remaining': String(Math.min(...left)),
    'x-ratelimit-reset': String(Math.min(...states.map(({ resets }) => resets))),
  }
}

function refuse(why: Refused, scopes: readonly string[]): Response {
  switch (why) {
    case 'missing_scope':
      return said(403, `Missing scope ${scopes.join(' or ')}`)
    case 'no_route':
      return said(404, 'Not found')
    case 'wrong_method':
      return said(405, 'Method not allowed')
    default:
      return said(401, 'Authorization was not valid')
  }
}

function routes(site: Site): Route[] {
  const { now } = site
  const list = (path: string, feed: string, scope: string) =>
    person('GET', `${base}${path}`, [scope], (ask) => listOf(ask, feed, now()))
  const one = (path: string, feed: string, scopes: readonly string[], of: (ask: PersonAsk) => Kept | undefined) =>
    person('GET', `${base}${path}`, scopes, (ask) => {
      const kept = of(ask)
      return kept && exists(kept, now()) ? json(shown(kept, now())) : said(404, `No ${feed} found`)
    })
  const byId = (feed: string) => (ask: PersonAsk) => ask.account.find(feed, ask.params['id'] ?? '')
  return [
    list('/v2/cycle', 'cycle', 'read:cycles'),
    one('/v2/cycle/:id', 'cycle', ['read:cycles'], byId('cycle')),
    one('/v2/cycle/:id/sleep', 'sleep', ['read:cycles', 'read:sleep'], (ask) => ofCycle(ask, 'sleep')),
    one('/v2/cycle/:id/recovery', 'recovery', ['read:recovery'], (ask) => ofCycle(ask, 'recovery')),
    list('/v2/recovery', 'recovery', 'read:recovery'),
    list('/v2/activity/sleep', 'sleep', 'read:sleep'),
    one('/v2/activity/sleep/:id', 'sleep', ['read:sleep'], byId('sleep')),
    person('GET', `${base}/v2/activity/sleep/:id/stream`, ['read:sleep'], () => said(403, 'Needs special access')),
    list('/v2/activity/workout', 'workout', 'read:workout'),
    one('/v2/activity/workout/:id', 'workout', ['read:workout'], byId('workout')),
    person('GET', `${base}/v2/user/profile/basic`, ['read:profile'], ({ account }) => json(profileOf(account))),
    person('GET', `${base}/v2/user/measurement/body`, ['read:body_measurement'], ({ account }) =>
      json({
        height_meter: 1.81,
        weight_kilogram: account.measured.column('body_mass').v.at(-1) ?? 76.4,
        max_heart_rate: 191,
      }),
    ),
    // Nobody here has been with them since the days of the old ids.
    person('GET', `${base}/v1/activity-mapping/:id`, [], () => said(404, 'No activity found')),
    person('DELETE', `${base}/v2/user/access`, [], ({ account, app }) => {
      site.grants.end(account.id, app.clientId)
      return nothing()
    }),
  ]
}

function ofCycle({ account, params }: PersonAsk, feed: string): Kept | undefined {
  return account.feed(feed).find(({ body }) => String(body['cycle_id']) === params['id'] && body['nap'] !== true)
}

function profileOf({ id, email, name }: Account) {
  const [first_name = name, ...rest] = name.split(' ')
  return { user_id: Number(id), email, first_name, last_name: rest.join(' ') }
}

function listOf({ account, query }: PersonAsk, feed: string, now: number): Response {
  const limit = Number(query.get('limit') ?? 10)
  const time = (name: string, otherwise: number) => (query.has(name) ? Date.parse(query.get(name) ?? '') : otherwise)
  const [start, end] = [time('start', 0), time('end', now)]
  const mark = query.get('nextToken')
  const from = mark === null ? 0 : readMark(mark)
  if (!Number.isInteger(limit) || limit < 1 || limit > 25) return said(400, 'limit must be between 1 and 25')
  if (Number.isNaN(start) || Number.isNaN(end) || from === null) return said(400, 'start, end or nextToken is invalid')
  const found = account
    .feed(feed)
    .filter((kept) => kept.at >= start && kept.at < end && exists(kept, now))
    .reverse()
  const { page, next } = pageOf(found, from, limit)
  return json({
    records: page.map((kept) => shown(kept, now)),
    ...(next === undefined ? {} : { next_token: markOf(next) }),
  })
}

export const whoop = makeCloud(brand)
