/** Suunto: a subscription key besides the token, errors that come with 200, samples of at most 28 days. */
import { addDays, localTime } from '../../people/local-time.ts'
import type { Account, Kept } from '../kit/accounts.ts'
import { bytes, json, nothing } from '../kit/answers.ts'
import { fitOf } from '../kit/fit.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { sum } from '../kit/measured.ts'
import { pageOf } from '../kit/paging.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { isoLocal } from '../kit/times.ts'
import { keyOf, recordsOf } from './records.ts'
import { tellApps } from './webhooks.ts'

const dayMs = 86_400_000

const said = (status: number, message: string, headers: Record<string, string> = {}) =>
  json({ statusCode: status, message }, status, headers)

/** Wrong, and 200 all the same. */
const wrong = (code: string, description: string) =>
  json({ error: { code, description }, payload: null, metadata: null })

const deauthorize = '/oauth/deauthorize'

const brand: Brand = {
  id: 'suunto',
  name: 'Suunto',
  oauth: {
    authorizePaths: ['/oauth/authorize'],
    tokenPaths: ['/oauth/token'],
    scopes: { workout: 'Your workouts, activity, sleep and recovery' },
    scopesByDefault: ['workout'],
    separator: ' ',
    choice: 'all',
    pkce: 'optional',
    redirect: 'exact',
    codeSeconds: 600,
    codeAgain: 'refused',
    client: ['basic'],
    body: 'form',
    accessSeconds: 86_400,
    oldAccess: 'lives',
    refresh: 'rotates',
    refreshing: 'lenient', // whether the old one dies is not clear
    refreshAgain: 'refused',
    writeToken: (drawn, { account }, expiresAt) =>
      jwtOf(
        {
          user: account,
          sub: Buffer.from(account).toString('hex'),
          exp: Math.floor(Math.min(expiresAt, 8.64e15) / 1000),
        },
        drawn,
      ),
    answer: ({ accessToken, refreshToken, expiresIn, account }) => ({
      access_token: accessToken,
      token_type: 'bearer',
      refresh_token: refreshToken,
      expires_in: expiresIn - 1,
      scope: 'workout',
      user: account.id,
      jti: accessToken.slice(-12),
    }),
  },
  limits: {
    // By product, and not public: these are ours.
    windows: [
      { requests: 60, seconds: 60, starts: 'first', per: 'app' },
      { requests: 10_000, seconds: 604_800, starts: 'first', per: 'app' },
    ],
    tooMany: ([minute, week]) =>
      week?.isOver
        ? said(403, `Out of call volume quota. Quota will be replenished in ${week.resets} seconds.`)
        : said(429, `Rate limit is exceeded. Try again in ${minute?.resets} seconds.`, {
            'retry-after': String(minute?.resets),
          }),
  },
  accountId: (_, { email }) => `${email.split('@')[0] ?? email}.s`,
  appExtra: (ids, clientId) => ({
    subscriptionKey: ids.hex(32, 'subscription', clientId),
    notificationSecret: ids.hex(32, 'notification', clientId),
  }),
  records: (ids) => (account) => recordsOf(ids, account),
  routes,
  refuse,
  // Looks like a dead token, and is none.
  bars: ({ request, app, url }) =>
    url.pathname === deauthorize || request.headers.get('ocp-apim-subscription-key') === app.extra['subscriptionKey']
      ? undefined
      : said(401, 'Access denied due to invalid subscription key.'),
  tell: tellApps,
}

/** Nobody checks the signature but who wrote it. */
const jwtOf = (claims: Record<string, unknown>, drawn: string): string =>
  `${[{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')}.${drawn}`

function refuse(why: Refused): Response {
  switch (why) {
    case 'no_route':
      return said(404, 'Resource not found')
    case 'wrong_method':
      return said(405, 'Method not allowed')
    default:
      return said(401, 'Unauthorized')
  }
}

function routes(site: Site): Route[] {
  return [
    person('GET', '/v3/workouts/', [], listWorkouts),
    person('GET', '/v3/workouts/:key', [], ({ account, params }) => {
      const kept = account.find('workout', params['key'] ?? '')
      return kept ? envelope(shown(kept)) : wrong('WORKOUT_NOT_FOUND', 'no such workout')
    }),
    person('GET', '/v3/workouts/:key/fit', [], (ask) => fileOf(site, ask)),
    person('GET', '/v2/route', [], ({ account }) => json([routeOf(account.id)])),
    person('GET', '/v2/workout/exportFit/:id', [], () => said(401, 'Unauthorized')),
    ...['/247samples', '/247/samples'].flatMap((base) =>
      ['sleep', 'activity', 'recovery'].map((feed) =>
        person('GET', `${base}/${feed}`, [], (ask) => samplesOf(ask, feed)),
      ),
    ),
    ...['/247samples/daily-activity-statistics', '/247/daily-activity-statistics'].map((path) =>
      person('GET', path, [], statisticsOf),
    ),
    person('GET', deauthorize, [], ({ account, app, query }) => {
      if (query.get('client_id') !== app.clientId) return said(400, 'client_id is wrong')
      site.grants.end(account.id, app.clientId)
      return nothing(200)
    }),
  ]
}

const shown = ({ body, updatedAt }: Kept) => ({ ...body, lastModified: updatedAt })

const envelope = (payload: unknown, metadata: Record<string, unknown> = {}) => json({ error: null, payload, metadata })

function listWorkouts({ account, query }: PersonAsk): Response {
  const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise)
  const [since, until, limit, offset] = [
    number('since', 0),
    number('until', Number.MAX_SAFE_INTEGER),
    number('limit', 50),
    number('offset', 0),
  ]
  if (![since, until, limit, offset].every(Number.isInteger) || limit < 1 || limit > 100 || offset < 0)
    return wrong('BAD_REQUEST', 'since, until, limit or offset is invalid')
  const byChange = query.get('filter-by-modification-time') === 'true'
  const timeOf = (kept: Kept) => (byChange ? kept.updatedAt : kept.at)
  const all = account
    .feed('workout')
    .filter((kept) => since <= timeOf(kept) && timeOf(kept) <= until)
    .sort((a, b) => timeOf(b) - timeOf(a))
  return envelope(pageOf(all, offset, limit).page.map(shown), {
    workoutcount: String(all.length),
    until: String(until),
  })
}

function fileOf({ ids }: Site, { account, params }: PersonAsk): Response {
  const held = account.measured.sessions('workout').find(({ key }) => keyOf(ids, key) === params['key'])
  if (!held || held.reading.extra?.['manual'] === true || !account.find('workout', params['key'] ?? ''))
    return wrong('FIT_NOT_FOUND', 'the workout has no file')
  return bytes(fitOf(held.reading, account.measured, { manufacturer: 23, serial: 244_800_123 }))
}

function samplesOf({ account, query }: PersonAsk, feed: string): Response {
  const [from, to] = ['from', 'to'].map((name) => Number(query.get(name) ?? Number.NaN))
  if (from === undefined || to === undefined || !(from <= to))
    return said(400, 'from and to are required, in milliseconds')
  if (to - from > 28 * dayMs) return said(400, 'at most 28 days can be asked for')
  return json(
    account
      .feed(feed)
      .filter(({ at }) => from <= at && at <= to)
      .map(({ body }) => body),
  )
}

const statistics = [
  ['stepcount', 'steps', 1],
  ['energyconsumption', 'energy_active', 4_184],
] as const

function statisticsOf({ account, query }: PersonAsk): Response {
  const [from, to] = ['startdate', 'enddate'].map((name) => Date.parse(query.get(name) ?? ''))
  if (from === undefined || to === undefined || !(from <= to)) return said(400, 'startdate and enddate are required')
  if (to - from > 28 * dayMs) return said(400, 'at most 28 days can be asked for')
  return json(
    statistics.map(([Name, metric, scale]) => ({
      Name,
      Aggregation: 'sum',
      Sources: sourcesOf(account, metric, scale, from, to),
    })),
  )
}

/** Two watches tell the same day: an account's trait `two_watches`. */
function sourcesOf({ measured, timeZone, traits }: Account, metric: string, scale: number, from: number, to: number) {
  const Samples: { TimeISO8601: string; Value: number | null }[] = []
  for (let date = measured.dateOf(to); date >= measured.dateOf(from); date = addDays(date, -1)) {
    const midnight = localTime(timeZone, date, 0)
    const { v } = measured.between(metric, midnight, localTime(timeZone, date, 1_440))
    Samples.push({
      TimeISO8601: isoLocal(midnight, measured.offsetAt(midnight)),
      Value: v.length ? Math.round(sum(v) * scale) : null,
    })
  }
  return ['244800123', ...(traits.has('two_watches') ? ['244800999'] : [])].map((Name) => ({ Name, Samples }))
}

export const suunto = makeCloud(brand)

/** One way to come for each, in a bare list; points as workouts have them. */
const routeOf = (account: string) => ({
  id: `route of ${account}`,
  description: 'Round the bay',
  created: 1_794_214_800_000,
  modified: 1_794_218_011_000,
  totalDistance: 8_021.5,
  watchEnabled: true,
  startPoint: { x: 24.94, y: 60.17 },
  centerPoint: { x: 24.95, y: 60.18 },
  endPoint: { x: 24.94, y: 60.17 },
})
