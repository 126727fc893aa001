/** COROS: the token in the query, errors with 200, three months of history, and a refresh that lengthens the same token. */
import type { Account } from '../kit/accounts.ts'
import { bytes, json } from '../kit/answers.ts'
import { fitOf } from '../kit/fit.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { anyone, type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { unix } from '../kit/times.ts'
import { ok, wrong } from './answers.ts'
import { filed, labelOf, recordsOf, shown } from './records.ts'
import { tellApps } from './webhooks.ts'

const dayMs = 86_400_000

const brand: Brand = {
  id: 'coros',
  name: 'COROS',
  oauth: {
    authorizePaths: ['/oauth2/authorize'],
    tokenPaths: ['/oauth2/accesstoken', '/oauth2/refresh-token', '/oauth2/refresh'],
    scopes: { workout: 'Your workouts and daily data' },
    scopesByDefault: ['workout'],
    separator: ' ',
    choice: 'all',
    pkce: 'none',
    redirect: 'exact',
    codeSeconds: 1_800,
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 2_592_000,
    oldAccess: 'lives',
    refresh: 'stays',
    refreshExtends: true,
    refreshing: 'strict',
    refreshAgain: 'refused',
    // After a refresh nothing is new but the time.
    answer: ({ accessToken, refreshToken, expiresIn, account, by }) =>
      by === 'refresh_token'
        ? { result: '0000', message: 'OK', expires_in: expiresIn }
        : {
            access_token: accessToken,
            token_type: 'bearer',
            expires_in: expiresIn,
            refresh_token: refreshToken,
            // Not everybody is told it here: trait `no_open_id`.
            ...(account.traits.has('no_open_id') ? {} : { openId: account.id }),
          },
    refuse: (_, reason) => wrong('5006', reason),
  },
  limits: {
    windows: [{ requests: 1_000, seconds: 60, starts: 'first', per: 'app' }],
    tooMany: () => json({ result: '5016', message: 'too many requests' }, 429),
  },
  accountId: (ids, { email }) => ids.hex(32, 'open id', email),
  records: (ids) => (account) => recordsOf(ids, account),
  routes,
  tokenOf(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/v2/user') return null // the one call that is asked as elsewhere
    return searchParams.get('token') ?? request.headers.get('token') ?? ''
  },
  refuse,
  bars: ({ account, query, url }) => {
    if (!url.pathname.includes('/coros/')) return undefined
    if (account.traits.has('not_permitted')) return wrong('30009', 'permission is not enabled for this client')
    return query.get('openId') === account.id ? undefined : wrong('5010', 'openId is invalid')
  },
  tell: tellApps,
}

function refuse(why: Refused): Response {
  switch (why) {
    case 'no_route':
    case 'wrong_method':
      return json({ result: '1031', message: 'no such call' }, 404)
    default:
      return wrong('5006', 'token is invalid')
  }
}

function routes(site: Site): Route[] {
  const { origin } = site.options
  return [
    person('GET', '/v2/user', [], ({ account }) => ok({ openId: account.id })),
    person('GET', '/coros/bindState', [], () => ok({ bindState: 1 })),
    person('GET', '/v2/coros/sport/list', [], (ask) =>
      within(ask, site.now(), 'workout', (list) => ok(list.map((kept) => shown(kept, origin, site.now())))),
    ),
    person('GET', '/v2/coros/sport/detail/fit', [], (ask) => fitAddress(ask, site)),
    person('GET', '/coros/daily/query', [], (ask) =>
      within(ask, site.now(), 'day', (list) => ok({ dailyList: list.map(({ body }) => body) })),
    ),
    anyone('POST', '/oauth2/deauthorize', ({ query }) => {
      const grant = site.grants.byToken(query.get('token') ?? '')
      if (!grant || grant.ended) return wrong('5006', 'token is invalid')
      site.grants.end(grant.account, grant.clientId)
      return ok()
    }),
    anyone('GET', '/fit/:account/:file', ({ params, query }) => fileOf(site, params, Number(query.get('expires')))),
  ]
}

/** Local dates, both included. */
function within(
  { account, query }: PersonAsk,
  now: number,
  feed: string,
  answer: (list: ReturnType<Account['feed']>) => Response,
): Response {
  const [from, to] = ['startDate', 'endDate'].map((name) => {
    const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(query.get(name) ?? '') ?? []
    return `${year}-${month}-${day}`
  })
  const [first, last] = [Date.parse(from ?? ''), Date.parse(to ?? '')]
  if (!(first <= last)) return wrong('1031', 'startDate and endDate must be YYYYMMDD')
  if (last - first >= 30 * dayMs) return wrong('1031', 'at most 30 days can be asked for')
  if (first < now - 93 * dayMs) return wrong('1031', 'nothing older than three months is offered')
  if (last > now + dayMs) return wrong('1031', 'endDate is in the future')
  return answer(account.feed(feed).filter(({ date = '' }) => date >= (from ?? '') && date <= (to ?? '')))
}

function fitAddress({ account, query }: PersonAsk, { options, now }: Site): Response {
  const kept = account.find('workout', query.get('labelId') ?? '')
  if (!kept) return wrong('1031', 'labelId is unknown')
  const { labelId, mode, subMode, fitUrl, triathlonItemList } = filed(kept, options.origin, now())
  const asked = `${query.get('mode')}/${query.get('subMode')}`
  const leg = (triathlonItemList as { mode: number; subMode: number; fitUrl: string }[] | null)?.find(
    (one) => asked === `${one.mode}/${one.subMode}`,
  )
  if (leg) return ok({ labelId, mode: leg.mode, subMode: leg.subMode, fitUrl: leg.fitUrl })
  return asked === `${mode}/${subMode}` && fitUrl
    ? ok({ labelId, mode, subMode, fitUrl })
    : wrong('1031', 'mode or subMode is wrong')
}

function fileOf(
  { accounts, ids, now }: Site,
  { account: openId = '', file = '' }: Readonly<Record<string, string>>,
  expires: number,
): Response {
  const account = accounts.get(openId)
  const held = account?.measured.sessions('workout').find(({ key }) => `${labelOf(ids, key)}.fit` === file)
  if (!(expires > unix(now()))) return new Response('<Error><Code>AccessDenied</Code></Error>', { status: 403 })
  if (!account || !held) return new Response('<Error><Code>NoSuchKey</Code></Error>', { status: 404 })
  return bytes(fitOf(held.reading, account.measured, { manufacturer: 294, serial: 388_120 }))
}

export const coros = makeCloud(brand)
