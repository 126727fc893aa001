/** Strava: activities only, limits for the whole app, one push subscription. */

import type { Account, Kept } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import type { Grant } from '../kit/grants.ts'
import type { LimitState, Window } from '../kit/limits.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import type { Issued } from '../kit/oauth-style.ts'
import { pageOf } from '../kit/paging.ts'
import { type Ask, anyone, app, basicOf, bearerOf, type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { activitiesOf, gearName, gearOf, summaryOf } from './activity.ts'
import { fault } from './fault.ts'
import { pushRoutes, tellApps, tellLeft } from './push.ts'
import { statsOf } from './stats.ts'
import { streamsOf } from './streams.ts'

const isNoUpload = (method: string, path: string) => !(method === 'POST' && path.endsWith('/uploads'))

const windows: readonly Window[] = [
  { requests: 200, seconds: 900, starts: 'clock', per: 'app' },
  { requests: 2_000, seconds: 86_400, starts: 'clock', per: 'app' },
  { requests: 100, seconds: 900, starts: 'clock', per: 'app', counts: isNoUpload },
  { requests: 1_000, seconds: 86_400, starts: 'clock', per: 'app', counts: isNoUpload },
]

const pair = (states: readonly LimitState[], first: number, of: 'limit' | 'used') =>
  states
    .slice(first, first + 2)
    .map((state) => state[of])
    .join()

const reads = ['activity:read', 'activity:read_all']

/** Sources differ on whether events are signed: `signs` says which of them this cloud follows. */
const brand = (signs: boolean): Brand => ({
  id: 'strava',
  name: 'Strava',
  oauth: {
    authorizePaths: ['/oauth/authorize', '/oauth/mobile/authorize'],
    tokenPaths: ['/oauth/token', '/api/v3/oauth/token'],
    scopes: {
      read: 'Public segments, routes and profile',
      read_all: 'Private routes, segments and events',
      'profile:read_all': 'Your full profile',
      'profile:write': 'Change your weight and starred segments',
      'activity:read': 'Your activities',
      'activity:read_all': 'Your activities, also those that only you see',
      'activity:write': 'Create and upload activities',
    },
    separator: ',',
    choice: 'ticks',
    tellsScopes: true,
    pkce: 'none',
    redirect: 'domain',
    codeSeconds: 600,
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 21_600,
    keepsAccessOver: 3_600,
    oldAccess: 'lives',
    refresh: 'rotates',
    refreshing: 'strict',
    refreshAgain: 'refused',
    accountsPerApp: 10,
    answer: tokenAnswer,
    refuse: (error) =>
      error === 'invalid_client'
        ? fault(401, 'Application', 'client_id', 'invalid')
        : fault(400, 'RequestToken', error === 'invalid_grant' ? 'grant' : 'grant_type', 'invalid'),
  },
  limits: {
    windows,
    refusedCounts: true,
    headers: (states) => ({
      'x-ratelimit-limit': pair(states, 0, 'limit'),
      'x-ratelimit-usage': pair(states, 0, 'used'),
      'x-readratelimit-limit': pair(states, 2, 'limit'),
      'x-readratelimit-usage': pair(states, 2, 'used'),
    }),
    tooMany: () => fault(429, 'Application', 'rate limit', 'exceeded'),
  },
  accountId: (ids, { email }) => String(ids.integer(8, 'athlete', email)),
  records: (ids) => (account) => activitiesOf(ids, account),
  routes: (site) => [...dataRoutes(site), ...leaveRoutes(site, signs), ...pushRoutes(site)],
  appOf: byFields,
  refuse,
  tell: (site, account, changes) => tellApps(site, account, changes, signs),
  left: (site, account, app) => tellLeft(site, account, app, signs),
})

function tokenAnswer({ accessToken, refreshToken, expiresIn, expiresAt, account, by }: Issued) {
  return {
    token_type: 'Bearer',
    expires_at: expiresAt,
    expires_in: expiresIn,
    refresh_token: refreshToken,
    access_token: accessToken,
    ...(by === 'authorization_code' ? { athlete: athleteOf(account) } : {}),
  }
}

function athleteOf({ id, name, email }: Account) {
  const [firstname = name, ...rest] = name.split(' ')
  return {
    id: Number(id),
    username: email.split('@')[0],
    firstname,
    lastname: rest.join(' '),
    resource_state: 2,
    country: null,
    sex: null,
  }
}

/** Subscriptions name the app in form or query, a revocation by Basic. */
function byFields({ request, form, query }: Ask, { apps }: Site) {
  const basic = basicOf(request)
  const found = apps.get(basic?.id ?? form.get('client_id') ?? query.get('client_id') ?? '')
  const secret = basic?.secret ?? form.get('client_secret') ?? query.get('client_secret')
  return found && found.clientSecret === secret ? found : undefined
}

function refuse(why: Refused, scopes: readonly string[]): Response {
  switch (why) {
    case 'missing_scope':
      return fault(401, 'AccessToken', `${scopes[0]}_permission`, 'missing')
    case 'bad_client':
      return fault(401, 'Application', 'client_id', 'invalid')
    case 'no_route':
    case 'wrong_method':
      return fault(404, 'Resource', 'path', 'not found')
    default:
      return fault(401, 'Athlete', 'access_token', 'invalid')
  }
}

/** The last has no end. */
const heartZones = [
  { min: 0, max: 115 },
  { min: 115, max: 152 },
  { min: 152, max: 171 },
  { min: 171, max: 190 },
  { min: 190, max: -1 },
]

function zonesOf({ measured }: Account, { at, end }: Kept) {
  const { t, v } = measured.between('heart_rate', at, end)
  const secondsAt = (i: number) => Math.round(((t[i + 1] ?? end) - (t[i] ?? end)) / 1000)
  const distribution_buckets = heartZones.map(({ min, max }) => ({
    min,
    max,
    time: v.reduce((sum, rate, i) => (rate >= min && (max < 0 || rate < max) ? sum + secondsAt(i) : sum), 0),
  }))
  return {
    type: 'heartrate',
    resource_state: 3,
    sensor_based: true,
    custom_zones: false,
    score: 41,
    points: 12,
    distribution_buckets,
  }
}

const dataRoutes = (site: Site): Route[] => [
  person('GET', '/api/v3/athlete', [], ({ account, grant }) => json(profileOf(account, grant))),
  person('GET', '/api/v3/athlete/zones', ['profile:read_all'], () =>
    json({
      heart_rate: { custom_zones: false, zones: heartZones },
      power: {
        zones: [
          { min: 0, max: 143 },
          { min: 143, max: -1 },
        ],
      },
    }),
  ),
  person('GET', '/api/v3/athletes/:id/stats', [], ({ account, params }) =>
    params['id'] === account.id
      ? json(statsOf(account.feed('activity'), site.now()))
      : fault(403, 'Athlete', 'id', 'not own'),
  ),
  person('GET', '/api/v3/athletes/:id/routes', ['read'], ({ account, params, query }) =>
    params['id'] === account.id
      ? json(Number(query.get('page') ?? 1) === 1 ? [routeOf(account)] : [])
      : fault(403, 'Athlete', 'id', 'not own'),
  ),
  person('GET', '/api/v3/athlete/activities', reads, listActivities),
  person('GET', '/api/v3/activities/:id', reads, (ask) =>
    withActivity(ask, ({ body }) => json(shown(ask.grant, body))),
  ),
  person('GET', '/api/v3/activities/:id/laps', reads, (ask) => withActivity(ask, ({ body }) => json(body['laps']))),
  person('GET', '/api/v3/activities/:id/zones', reads, (ask) =>
    // Only who pays for it, trait `subscriber`.
    withActivity(ask, (kept) =>
      ask.account.traits.has('subscriber')
        ? json([zonesOf(ask.account, kept)])
        : fault(402, 'Activity', 'zones', 'subscription required'),
    ),
  ),
  person('GET', '/api/v3/activities/:id/streams', reads, (ask) =>
    withActivity(ask, (kept) => streams(site, ask, kept)),
  ),
  person('GET', '/api/v3/gear/:id', [], ({ account, params }) => {
    const sport = ['Ride', 'Run'].find((one) => gearOf(account.id, one) === params['id'])
    return sport
      ? json({ id: params['id'], primary: true, resource_state: 3, name: gearName(sport), distance: 0 })
      : fault(404, 'Gear', 'id', 'not found')
  }),
]

function profileOf(account: Account, { scopes }: Grant) {
  if (!scopes.includes('profile:read_all')) return athleteOf(account)
  const { measured, id } = account
  return {
    ...athleteOf(account),
    resource_state: 3,
    weight: measured.column('body_mass').v.at(-1) ?? null,
    ftp: null,
    measurement_preference: 'meters',
    bikes: [{ id: gearOf(id, 'Ride'), primary: true, name: gearName('Ride'), resource_state: 2, distance: 0 }],
    shoes: [{ id: gearOf(id, 'Run'), primary: true, name: gearName('Run'), resource_state: 2, distance: 0 }],
  }
}

/** One way to come for each. Its id is larger than a number can tell exactly: `id_str` does. */
const routeOf = ({ id }: Account) => ({
  id: Number(`31415926${id}000`),
  id_str: `31415926${id}001`,
  name: 'Around the lake',
  description: null,
  athlete: { id: Number(id), resource_state: 1 },
  distance: 12_043.6,
  elevation_gain: 96,
  map: { id: `r31415926${id}001`, summary_polyline: '' },
  type: 1,
  sub_type: 1,
  private: false,
  starred: false,
  timestamp: 1_793_664_000,
  estimated_moving_time: 3_400,
})

const seesAll = ({ scopes }: Grant) => scopes.includes('activity:read_all')

/** Without `activity:read_all` the ends of the way are in a privacy zone. */
const shown = (grant: Grant, body: Kept['body']): Kept['body'] =>
  seesAll(grant) ? body : { ...body, start_latlng: [], end_latlng: [] }

function listActivities({ account, grant, query }: PersonAsk): Response {
  const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise)
  const [after, before] = [number('after', 0), number('before', Number.MAX_SAFE_INTEGER / 1000)]
  const [page, perPage] = [number('page', 1), Math.min(200, number('per_page', 30))]
  for (const [name, value] of Object.entries({ after, before, page, per_page: perPage }))
    if (!Number.isInteger(value) && name !== 'before') return fault(400, 'Activity', name, 'invalid')
  if (Number.isNaN(before) || page < 1 || perPage < 1) return fault(400, 'Activity', 'page', 'invalid')
  const list = account.feed('activity').filter(({ at }) => at > after * 1000 && at < before * 1000)
  if (!query.has('after')) list.reverse()
  // What may not be seen is left out of its page, so that a page can be short before the end.
  const visible = pageOf(list, (page - 1) * perPage, perPage).page.filter(
    ({ body }) => seesAll(grant) || !body['private'],
  )
  return json(visible.map(({ body }) => summaryOf(shown(grant, body))))
}

function withActivity({ account, grant, params }: PersonAsk, answer: (kept: Kept) => Response): Response {
  const kept = account.find('activity', params['id'] ?? '')
  if (!kept || (kept.body['private'] && !seesAll(grant))) return fault(404, 'Activity', 'id', 'not found')
  return answer(kept)
}

function streams({ ids }: Site, { account, grant, query }: PersonAsk, { id, body }: Kept): Response {
  const held = account.measured.sessions('workout').find(({ key }) => String(ids.integer(11, 'activity', key)) === id)
  const rows = held && body['manual'] !== true && streamsOf(account, held.reading, body['sport_type'], seesAll(grant))
  if (!rows) return fault(404, 'Stream', 'id', 'not found')
  const keys = (query.get('keys') ?? '').split(',')
  const told = Object.entries(rows)
    .filter(([name]) => keys.includes(name) || name === 'distance')
    .map(([type, data]) => ({ type, data, series_type: 'distance', original_size: data.length, resolution: 'high' }))
  if (query.get('key_by_type') !== 'true') return json(told)
  return json(Object.fromEntries(told.map(({ type, ...stream }) => [type, stream])))
}

/** Both ways for an app to give its access back; push events tell of either. */
const leaveRoutes = (site: Site, signs: boolean): Route[] => [
  app('POST', '/oauth/revoke', async ({ app, form }) => {
    const grant = site.grants.byToken(form.get('token') ?? '')
    if (grant && !grant.ended && grant.clientId === app.clientId) await leave(site, grant, signs)
    return json({}) // RFC 7009: also for a token that is none
  }),
  anyone('POST', '/oauth/deauthorize', async ({ request, form, query }) => {
    const token = bearerOf(request) ?? form.get('access_token') ?? query.get('access_token') ?? ''
    const access = site.grants.use(token, site.now())
    if (access.kind !== 'known') return refuse('unknown_token', [])
    await leave(site, access.grant, signs)
    return json({ access_token: token })
  }),
]

async function leave(site: Site, grant: Grant, signs: boolean): Promise<void> {
  const account = site.accountOf(grant)
  const app = site.apps.get(grant.clientId)
  site.grants.end(grant.account, grant.clientId)
  if (app) await tellLeft(site, account, app, signs)
}

export const strava = makeCloud(brand(true))

/** As those tell it who have seen no signature. */
export const stravaUnsigned = makeCloud(brand(false))
