/** Wahoo: workouts with their FIT files, newest first and by no date; old tokens live until a new one is used. */
import type { Account, Kept } from '../kit/accounts.ts'
import { bytes, json, nothing } from '../kit/answers.ts'
import { fitOf } from '../kit/fit.ts'
import type { LimitState } from '../kit/limits.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { pageOf } from '../kit/paging.ts'
import { anyone, type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { isoUtc, unix } from '../kit/times.ts'
import { shownOfLibrary } from './library.ts'
import { tellApps } from './webhooks.ts'
import { cdnPath, recordsOf, shown, workoutIdOf } from './workouts.ts'

// The page does not say what an error's body looks like: this is ours.
const said = (status: number, error: string) => json({ error }, status)

const reads = ['workouts_read']

/** Known to have been there. */
const removedOf = ({ notes }: Account) => (notes.get('removed') ?? new Set()) as ReadonlySet<string>

const brand: Brand = {
  id: 'wahoo',
  name: 'Wahoo',
  oauth: {
    authorizePaths: ['/oauth/authorize'],
    tokenPaths: ['/oauth/token'],
    scopes: {
      email: 'Your e-mail address',
      user_read: 'Your profile',
      user_write: 'Edit your profile',
      workouts_read: 'Your workouts',
      workouts_write: 'Create workouts',
      plans_read: 'Your plans',
      plans_write: 'Create plans',
      power_zones_read: 'Your power zones',
      power_zones_write: 'Edit your power zones',
      routes_read: 'Your routes',
      routes_write: 'Create routes',
      offline_data: 'New workouts, also while you are away',
    },
    separator: ' ',
    choice: 'all',
    pkce: 'none', // only for apps that keep no secret, and ours does
    redirect: 'exact',
    codeSeconds: 600,
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 7_200,
    oldAccess: 'dies_by_use',
    accessMax: { tokens: 10, days: 60 },
    refresh: 'rotates',
    refreshing: 'lenient',
    refreshAgain: 'refused',
    answer: ({ accessToken, refreshToken, expiresIn, expiresAt, grant }) => ({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
      refresh_token: refreshToken,
      scope: grant.scopes.join(' '),
      created_at: expiresAt - expiresIn,
    }),
  },
  limits: {
    windows: [
      { requests: 5_000, seconds: 86_400, starts: 'first', per: 'app' },
      { requests: 1_000, seconds: 3_600, starts: 'first', per: 'app' },
      { requests: 200, seconds: 300, starts: 'first', per: 'app' },
    ],
    headers: limitHeaders,
    tooMany: () => said(429, 'too many requests'),
  },
  accountId: (ids, { email }) => String(ids.integer(5, 'user', email)),
  appExtra: (ids, clientId) => ({ webhookToken: ids.hex(32, 'webhook token', clientId) }),
  records: (ids) => (account) => recordsOf(ids, account),
  routes,
  refuse,
  bars: ({ request, grant }) => {
    const accept = request.headers.get('accept') ?? '*/*'
    if (!/json|\*\/\*/.test(accept)) return said(406, 'only application/json is offered')
    return grant.scopes.includes('user_read') ? undefined : said(403, 'user_read is missing')
  },
  async tell(site, account, changes) {
    const removed = new Set(removedOf(account))
    for (const { kind, record } of changes) if (kind === 'delete') removed.add(record.id)
    account.notes.set('removed', removed)
    await tellApps(site, account, changes)
  },
}

function limitHeaders(states: readonly LimitState[]): Record<string, string> {
  const over = states.filter(({ isOver }) => isOver).map(({ resets }) => resets)
  return {
    'x-ratelimit-limit': states.map(({ limit }) => limit).join(', '),
    'x-ratelimit-remaining': states.map(({ limit, used }) => Math.max(0, limit - used)).join(', '),
    'x-ratelimit-reset': String(over.length ? Math.max(...over) : 0),
  }
}

function refuse(why: Refused, scopes: readonly string[]): Response {
  switch (why) {
    case 'missing_scope':
      return said(403, `${scopes.join(' or ')} is missing`)
    case 'no_route':
      return said(404, 'not found')
    case 'wrong_method':
      return said(405, 'method not allowed')
    default:
      return said(401, 'the access token is invalid')
  }
}

function routes(site: Site): Route[] {
  const { origin } = site.options
  return [
    person('GET', '/v1/user', ['user_read'], ({ account, grant }) => json(userOf(account, grant.scopes))),
    person('GET', '/v1/workouts', reads, (ask) => listOf(ask, origin)),
    person('GET', '/v1/workouts/:id', reads, (ask) => withWorkout(ask, (kept) => json(shown(kept, origin)))),
    person('GET', '/v1/workouts/:id/workout_summary', reads, (ask) =>
      withWorkout(ask, (kept) => {
        const { workout_summary } = shown(kept, origin)
        return workout_summary ? json(workout_summary) : said(404, 'not found')
      }),
    ),
    person('GET', '/v1/power_zones', ['power_zones_read'], ({ account }) => json([zonesOf(account)])),
    person('GET', '/v1/workouts/:id/plans', ['plans_read'], (ask) =>
      withWorkout(ask, ({ body }) => {
        const { plan_id, plan_ids } = body as { plan_id: number | null; plan_ids: number[] }
        const named = [plan_id, ...plan_ids].map(String)
        return json(
          ask.account
            .feed('plan')
            .filter(({ id }) => named.includes(id))
            .map(shownOfLibrary),
        )
      }),
    ),
    ...(['route', 'plan'] as const).flatMap((feed) => [
      person('GET', `/v1/${feed}s`, [`${feed}s_read`], ({ account, query }) => {
        const external = query.get('external_id')
        const all = account.feed(feed).filter(({ body }) => external === null || body['external_id'] === external)
        return json(all.map(shownOfLibrary))
      }),
      person('GET', `/v1/${feed}s/:id`, [`${feed}s_read`], ({ account, params }) => {
        const kept = account.find(feed, params['id'] ?? '')
        return kept ? json(shownOfLibrary(kept)) : said(404, 'not found')
      }),
    ]),
    person('DELETE', '/v1/permissions', [], ({ account, app }) => {
      site.grants.end(account.id, app.clientId)
      return nothing()
    }),
    // A public address without a token, and none that counts.
    anyone('GET', `${cdnPath}/:account/:id/:file`, ({ params }) => fileOf(site, params)),
  ]
}

function userOf({ id, name, email, measured, createdAt }: Account, scopes: readonly string[]) {
  const [first = name, ...rest] = name.split(' ')
  return {
    id: Number(id),
    height: '1.82',
    weight: String(measured.column('body_mass').v.at(-1) ?? 73.4),
    first,
    last: rest.join(' '),
    ...(scopes.includes('email') ? { email } : {}),
    birth: '1988-04-02',
    gender: 1,
    created_at: isoUtc(createdAt),
    updated_at: isoUtc(createdAt),
  }
}

// The page's example breaks off before the stamps that all its other records have.
const zonesOf = ({ id, createdAt }: Account) => ({
  id: 771,
  user_id: Number(id),
  zone_1: 128,
  zone_2: 176,
  zone_3: 214,
  zone_4: 250,
  zone_5: 286,
  zone_6: 357,
  zone_7: 450,
  ftp: 238,
  zone_count: 7,
  workout_type_id: 0,
  workout_type_family_id: 0,
  workout_type_location_id: 1,
  critical_power: null,
  created_at: isoUtc(createdAt),
  updated_at: isoUtc(createdAt),
})

/** By `starts` and nothing else: a workout that came late stands deep in the list. */
function listOf({ account, query }: PersonAsk, origin: string): Response {
  const [page, per_page] = [Number(query.get('page') ?? 1), Math.min(100, Number(query.get('per_page') ?? 30))]
  if (!(Number.isInteger(page) && page > 0 && Number.isInteger(per_page) && per_page > 0))
    return said(400, 'page or per_page is invalid')
  const all = account.feed('workout').reverse()
  const workouts = pageOf(all, (page - 1) * per_page, per_page).page.map((kept) => shown(kept, origin))
  return json({ workouts, total: all.length, page, per_page, order: 'descending', sort: 'starts' })
}

function withWorkout({ account, params }: PersonAsk, answer: (kept: Kept) => Response): Response {
  const id = params['id'] ?? ''
  const kept = account.find('workout', id)
  if (kept) return answer(kept)
  return removedOf(account).has(id) ? said(410, 'gone') : said(404, 'not found')
}

function fileOf({ accounts, ids }: Site, params: Readonly<Record<string, string>>): Response {
  const account = accounts.get(params['account'] ?? '')
  const id = params['id'] ?? ''
  const held =
    account?.find('workout', id) && account.measured.sessions('workout').find(({ key }) => workoutIdOf(ids, key) === id)
  if (!account || !held) return new Response('Not Found', { status: 404 })
  const serial = unix(held.reading.start) % 100_000
  return bytes(fitOf(held.reading, account.measured, { manufacturer: 32, serial }))
}

export const wahoo = makeCloud(brand)
