/** Intervals.icu: keys of one's own beside tokens that never expire, local dates, and what came from Strava kept back. */
import type { Account, Kept } from '../kit/accounts.ts'
import { bytes, html, json, nothing } from '../kit/answers.ts'
import { fitOf } from '../kit/fit.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { round } from '../kit/measured.ts'
import { anyone, basicOf, type PersonAsk, person, type Route } from '../kit/router.ts'
import { keysPage } from '../kit/sign-in-page.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { readDate } from '../kit/times.ts'
import { eventsOf, shownEvent } from './events.ts'
import { idOf, recordsOf, updated } from './records.ts'

const said = (status: number, error: string, headers: Record<string, string> = {}) =>
  json({ status, error }, status, headers)

const areas = {
  ACTIVITY: 'Your activities',
  WELLNESS: 'Your wellness',
  CALENDAR: 'Your calendar',
  SETTINGS: 'Your settings',
  LIBRARY: 'Your library',
}
const scopes = Object.fromEntries(
  Object.entries(areas).flatMap(([area, words]) => [
    [`${area}:READ`, words],
    [`${area}:WRITE`, `${words} (write)`],
  ]),
)

/** To write includes to read. */
const reads = (area: keyof typeof areas) => [`${area}:READ`, `${area}:WRITE`]

const brand: Brand = {
  id: 'intervals',
  name: 'Intervals.icu',
  oauth: {
    authorizePaths: ['/oauth/authorize'],
    tokenPaths: ['/api/oauth/token'],
    scopes,
    scopesFault(asked) {
      const areas = asked.map((scope) => scope.split(':')[0])
      return new Set(areas).size < areas.length ? 'Duplicate scope' : undefined
    },
    separator: ',',
    choice: 'all',
    pkce: 'none',
    redirect: 'domain', // the token request does not repeat it
    codeSeconds: 120,
    grantTypeByDefault: 'authorization_code',
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 100 * 366 * 86_400, // no expiry
    oldAccess: 'lives',
    refresh: 'none',
    refreshing: 'strict',
    refreshAgain: 'refused',
    answer: ({ accessToken, grant, account }) => ({
      token_type: 'Bearer',
      access_token: accessToken,
      scope: grant.scopes.join(','),
      athlete: { id: account.id, name: shortName(account) },
    }),
    refuse: (error, reason) => said(error === 'invalid_client' ? 404 : 400, reason),
  },
  // HTTP Basic; whoever has it may do everything.
  apiKey: {
    of: (request) => {
      const basic = basicOf(request)
      return basic?.id === 'API_KEY' ? basic.secret : null
    },
    scopes: Object.keys(scopes),
  },
  limits: {
    // Not published: ours.
    windows: [{ requests: 600, seconds: 60, starts: 'first', per: 'app' }],
    tooMany: ([minute]) => said(429, 'Too many requests', { 'retry-after': String(minute?.resets) }),
  },
  accountId: (ids, { email }) => `i${ids.integer(6, 'athlete', email)}`,
  records: (ids) => (account) => [...recordsOf(ids, account), ...eventsOf(ids, account)],
  routes,
  refuse,
}

const shortName = ({ name }: Account) => name.replace(/ (.).*$/, ' $1.')

function refuse(why: Refused): Response {
  switch (why) {
    case 'missing_scope':
      return said(403, 'Access denied')
    case 'no_route':
      return said(404, 'Not found')
    case 'wrong_method':
      return said(405, 'Method not allowed')
    default:
      return said(401, 'Unauthorized')
  }
}

const api = '/api/v1'

function routes(site: Site): Route[] {
  return [
    person('GET', `${api}/athlete/:athlete`, [], (ask) =>
      ofOwn(ask, ({ id, name, timeZone }) => json({ id, name, timezone: timeZone, sportSettings: [] })),
    ),
    person('GET', `${api}/athlete/:athlete/activities`, reads('ACTIVITY'), (ask) =>
      ofOwn(ask, () => within(ask, 'activity', (list) => json(list.reverse().map(({ body }) => body)))),
    ),
    person('GET', `${api}/athlete/:athlete/wellness`, reads('WELLNESS'), (ask) =>
      ofOwn(ask, () => within(ask, 'wellness', (list) => json(list.map(shown)))),
    ),
    person('GET', `${api}/athlete/:athlete/wellness.csv`, reads('WELLNESS'), (ask) =>
      ofOwn(ask, () => within(ask, 'wellness', csvOf)),
    ),
    person('GET', `${api}/athlete/:athlete/events`, reads('CALENDAR'), (ask) =>
      ofOwn(ask, () => within(ask, 'event', (list) => json(list.map(shownEvent)))),
    ),
    person('GET', `${api}/athlete/:athlete/events/:id`, reads('CALENDAR'), (ask) =>
      ofOwn(ask, () => {
        const kept = ask.account.find('event', ask.params['id'] ?? '')
        return kept ? json(shownEvent(kept)) : said(404, 'Event not found')
      }),
    ),
    person('GET', `${api}/activity/:id`, reads('ACTIVITY'), (ask) => withActivity(site, ask, ({ body }) => json(body))),
    person('GET', `${api}/activity/:id/streams`, reads('ACTIVITY'), (ask) =>
      withActivity(site, ask, (_, held) =>
        json(streamsOf(held, ask.account, (ask.query.get('types') ?? '').split(','))),
      ),
    ),
    ...['file', 'fit-file'].map((path) =>
      person('GET', `${api}/activity/:id/${path}`, reads('ACTIVITY'), (ask) =>
        withActivity(site, ask, (_, held) =>
          bytes(fitOf(held, ask.account.measured, { manufacturer: 1, serial: 3_411_205_877 })),
        ),
      ),
    ),
    person('DELETE', `${api}/disconnect-app`, [], ({ account, app }) =>
      site.grants.end(account.id, app.clientId) ? nothing(200) : said(403, 'This is no app'),
    ),
    anyone('GET', '/settings', () =>
      html(
        keysPage(
          'Intervals.icu',
          [...site.accounts.values()].map(({ id, name }) => ({ name, key: site.keys.of(id) })),
        ),
      ),
    ),
  ]
}

/** `0` is whoever the token belongs to. */
function ofOwn({ account, params }: PersonAsk, answer: (account: Account) => Response): Response {
  return params['athlete'] === '0' || params['athlete'] === account.id ? answer(account) : said(403, 'Access denied')
}

/** Local dates, both included; without `newest` up to the last. */
function within({ account, query }: PersonAsk, feed: string, answer: (list: Kept[]) => Response): Response {
  const [oldest, newest] = [query.get('oldest') ?? '', query.get('newest') ?? '9999-12-31']
  if (readDate(oldest.slice(0, 10)) === null || readDate(newest.slice(0, 10)) === null)
    return said(422, 'oldest or newest is no date')
  return answer(
    account.feed(feed).filter(({ date = '' }) => date >= oldest.slice(0, 10) && date <= newest.slice(0, 10)),
  )
}

const shown = ({ body, updatedAt }: Kept): Record<string, unknown> => ({ ...body, updated: updated(updatedAt) })

function csvOf(list: readonly Kept[]): Response {
  const rows = list.map(shown)
  const names = Object.keys(rows[0] ?? {})
  const lines = [names.join(), ...rows.map((row) => names.map((name) => row[name] ?? '').join())]
  return new Response(`${lines.join('\n')}\n`, { headers: { 'content-type': 'text/csv' } })
}

type Session = ReturnType<Account['measured']['sessions']>[number]['reading']

function withActivity(
  { ids }: Site,
  { account, params }: PersonAsk,
  answer: (kept: Kept, held: Session) => Response,
): Response {
  const kept = account.find('activity', params['id'] ?? '')
  const held = kept && account.measured.sessions('workout').find(({ key }) => idOf(ids, key) === kept.id)
  if (!kept || !held) return said(404, 'Activity not found')
  if (kept.body['source'] === 'STRAVA') return said(422, 'Cannot read Strava activities via the API')
  return answer(kept, held.reading)
}

const columns = { heartrate: 'heart_rate', watts: 'power', velocity_smooth: 'speed', cadence: 'cadence' } as const

function streamsOf({ start, end, track }: Session, { measured }: Account, types: readonly string[]) {
  const times = track ? [...track.t] : measured.between('heart_rate', start, end + 1).t
  const all: Record<string, unknown[] | undefined> = {
    time: times.map((t) => Math.round((t - start) / 1000)),
    latlng: track && times.map((_, i) => [round(track.lat[i] ?? 0, 6), round(track.lon[i] ?? 0, 6)]),
    altitude: track?.ele && [...track.ele],
  }
  for (const [type, metric] of Object.entries(columns)) {
    const { t, v } = measured.between(metric, start, end + 1)
    const at = new Map(t.map((time, i) => [time, v[i]]))
    if (t.length) all[type] = times.map((time) => at.get(time) ?? null)
  }
  return types.flatMap((type) => (all[type] ? [{ type, data: all[type] }] : []))
}

export const intervals = makeCloud(brand)
