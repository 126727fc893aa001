/** Ultrahuman: one local day a call, as a list of items that each say their type. */
import { json } from '../kit/answers.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { readDate } from '../kit/times.ts'
import { itemsOf, recordsOf } from './items.ts'

const said = (status: number, error: string) => json({ data: null, error, status }, status)

const brand: Brand = {
  id: 'ultrahuman',
  name: 'Ultrahuman',
  oauth: {
    authorizePaths: ['/authorise'],
    tokenPaths: ['/api/partners/oauth/token'],
    scopes: { profile: 'Your name and e-mail address', ring_data: 'What your ring measured', cgm_data: 'Your glucose' },
    separator: ' ',
    choice: 'all',
    pkce: 'none',
    redirect: 'exact',
    codeSeconds: 600,
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 604_800,
    oldAccess: 'lives',
    refresh: 'rotates', // the rule was not found: each answer brings one, and the one of before still works until it is used
    refreshing: 'lenient',
    refreshAgain: 'refused',
    answer: ({ accessToken, refreshToken, expiresIn, grant }) => ({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
      refresh_token: refreshToken,
      scope: grant.scopes.join(' '),
    }),
  },
  limits: {
    // None were found: these are ours.
    windows: [{ requests: 600, seconds: 60, starts: 'first', per: 'app' }],
    tooMany: () => said(429, 'Too many requests'),
  },
  accountId: (ids, { email }) => ids.uuid('user', email),
  records: () => (account) => recordsOf(account),
  routes,
  refuse,
}

function refuse(why: Refused): Response {
  switch (why) {
    case 'missing_scope':
      return said(403, 'Forbidden')
    case 'no_route':
      return said(404, 'Not found')
    case 'wrong_method':
      return said(405, 'Method not allowed')
    default:
      return said(401, 'Unauthorized')
  }
}

const base = '/api/partners/v1/user_data'

function routes(site: Site): Route[] {
  return [
    person('GET', `${base}/user_info`, ['profile'], ({ account: { id, name, email } }) =>
      json({ user_id: id, name, email }),
    ),
    person('GET', `${base}/metrics`, ['ring_data', 'cgm_data'], (ask) => metricsOf(ask, site.now())),
  ]
}

/** The page says that the reply holds a list, and not what is around it: `data.metric_data`, or nothing by an account's trait `bare_list`. */
function metricsOf({ account, grant, query }: PersonAsk, now: number): Response {
  const date = query.get('date')
  if (date === null || readDate(date) === null) return said(400, 'date must be YYYY-MM-DD')
  // Seen, not documented: a day that has not begun where the ring is.
  if (date > account.measured.dateOf(now)) return said(404, 'Not Found')
  const items = itemsOf(account, date).filter(({ type }) =>
    grant.scopes.includes(type === 'glucose' ? 'cgm_data' : 'ring_data'),
  )
  return json(account.traits.has('bare_list') ? items : { data: { metric_data: items }, error: null, status: 200 })
}

export const ultrahuman = makeCloud(brand)
