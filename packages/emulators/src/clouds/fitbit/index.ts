/** Fitbit, as it is read today: the Google Health API. The Web API of before is gone for good. */

import type { Account } from '../kit/accounts.ts'
import { json } from '../kit/answers.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { anyone, bearerOf, type PersonAsk, person, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { fault } from './fault.ts'
import { list, pointsOf } from './points.ts'
import { recordsOf } from './records.ts'
import { dailyRollUp, rollUp } from './roll-ups.ts'
import { subscriberRoutes, tellApps } from './subscribers.ts'
import { dateParts, offset, rfc } from './times.ts'
import { types } from './types.ts'

const prefix = 'https://www.googleapis.com/auth/googlehealth.'

const areas = {
  activity_and_fitness: 'Your activity and fitness',
  health_metrics_and_measurements: 'Your health metrics and measurements',
  sleep: 'Your sleep',
  nutrition: 'Your nutrition',
  location: 'Where you exercised',
  profile: 'Your profile',
  settings: 'Your settings and devices',
  ecg: 'Your ECGs',
  irn: 'Your irregular rhythm notifications',
  logged_symptoms: 'Your symptoms',
  mindfulness: 'Your moods',
  reproductive_health: 'Your cycle',
} as const

/** Nobody may write these. */
const readOnly = new Set<string>(['location', 'ecg', 'irn'])

const scopes = Object.fromEntries(
  Object.entries(areas).flatMap(([name, words]) => [
    [`${prefix}${name}.readonly`, words],
    ...(readOnly.has(name) ? [] : [[`${prefix}${name}.writeonly`, `${words} (write)`]]),
  ]),
)

const halfYear = 183 * 86_400

const brand: Brand = {
  id: 'fitbit',
  name: 'Fitbit',
  oauth: {
    authorizePaths: ['/o/oauth2/v2/auth'],
    tokenPaths: ['/token'],
    scopes,
    separator: ' ',
    choice: 'ticks',
    tellsScopes: true,
    pkce: 'optional',
    redirect: 'exact',
    codeSeconds: 600,
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 3_599,
    oldAccess: 'lives',
    refresh: 'stays',
    refreshAsked: (query, isFirst) =>
      query.get('access_type') === 'offline' && (isFirst || query.get('prompt') === 'consent'),
    refreshSeconds: halfYear,
    refreshing: 'strict',
    refreshAgain: 'refused',
    accountsPerApp: 100,
    answer: ({ accessToken, refreshToken, expiresIn, grant, by }) => ({
      access_token: accessToken,
      expires_in: expiresIn,
      ...(refreshToken && by === 'authorization_code' ? { refresh_token: refreshToken } : {}),
      scope: grant.scopes.join(' '),
      token_type: 'Bearer',
    }),
  },
  limits: {
    windows: [
      { requests: 300, seconds: 60, starts: 'first', per: 'account' },
      { requests: 120_000, seconds: 60, starts: 'first', per: 'app' },
    ],
    tooMany: () => fault(429, 'Quota exceeded'),
  },
  accountId: (ids, { email }) => `111${ids.integer(15, 'health user', email)}`,
  appExtra: (ids, clientId) => ({
    projectNumber: String(ids.integer(12, 'project', clientId)),
    serviceToken: ids.hex(40, 'service account', clientId),
  }),
  records: (ids) => (account) => recordsOf(ids, account),
  routes,
  // The project's own account administers subscribers: by number in the path and a token of the service account.
  appOf: ({ request, params }, { apps }) =>
    [...apps.values()].find(
      ({ extra }) => extra['projectNumber'] === params['number'] && extra['serviceToken'] === bearerOf(request),
    ),
  refuse,
  bars: ({ account }) =>
    account.traits.has('not_linked') ? fault(403, 'The account has no Fitbit', 'ACCOUNT_NOT_LINKED') : undefined,
  tell: tellApps,
}

function refuse(why: Refused, scopes: readonly string[]): Response {
  switch (why) {
    case 'missing_scope':
      return fault(
        403,
        `Request had insufficient authentication scopes: ${scopes.join(', ')}`,
        'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      )
    case 'no_route':
      return fault(404, 'Not found')
    case 'wrong_method':
      return fault(405, 'Method not allowed')
    default:
      return fault(401, 'Request had invalid authentication credentials.')
  }
}

const me = '/v4/users/me'
const points = `${me}/dataTypes/:type/dataPoints`
const gone = () => new Response('Gone', { status: 410 })

function routes(site: Site): Route[] {
  return [
    person('GET', `${me}/identity`, [], ({ account: { id } }) =>
      json({
        name: `users/${id}/identity`,
        healthUserId: id,
        legacyUserId: site.ids.hex(6, 'legacy', id).toUpperCase(),
      }),
    ),
    person('GET', points, [], (ask) => list(ask, false)),
    person('GET', `${points}:reconcile`, [], (ask) => list(ask, true)),
    person('POST', `${points}:rollUp`, [], rollUp),
    person('POST', `${points}:dailyRollUp`, [], dailyRollUp),
    person('GET', `${points}/:id`, [], oneOf),
    person('GET', `${me}/profile`, [`${prefix}profile.readonly`], ({ account }) => json(profileOf(account))),
    person('GET', `${me}/settings`, [`${prefix}settings.readonly`], ({ account }) =>
      json(settingsOf(account, site.now())),
    ),
    person('GET', `${me}/pairedDevices`, [`${prefix}settings.readonly`], ({ account }) =>
      json({ pairedDevices: devicesOf(account, site.now()) }),
    ),
    anyone('POST', '/revoke', ({ query, form }) => {
      const grant = site.grants.byToken(query.get('token') ?? form.get('token') ?? '')
      if (!grant || grant.ended) return json({ error: 'invalid_token' }, 400)
      site.grants.end(grant.account, grant.clientId)
      return json({})
    }),
    ...subscriberRoutes(site),
    anyone('GET', '/1/user/-/profile.json', gone),
    anyone('POST', '/oauth2/token', gone),
  ]
}

/** What has a name, by its id; an exercise's way when asked for. */
function oneOf({ account, params, grant }: PersonAsk): Response {
  const [id, method] = (params['id'] ?? '').split(':')
  const type = params['type'] ?? ''
  const how = types[type]
  if (!how || (how.kind !== 'session' && !how.byHand)) return fault(400, `${type} has no points by id`)
  if (!grant.scopes.includes(`${prefix}${how.scope}.readonly`)) return refuse('missing_scope', [how.scope])
  const value = pointsOf(account, type).find(({ value }) => String(value['name']).endsWith(`/${id}`))?.value
  if (!value) return fault(404, 'No such data point')
  if (method === undefined) return json(value)
  if (method !== 'exportExerciseTcx' || type !== 'exercise') return fault(404, 'Not found')
  if (!grant.scopes.includes(`${prefix}location.readonly`)) return refuse('missing_scope', ['location'])
  return new Response(tcxOf(account, id ?? ''), { headers: { 'content-type': 'application/vnd.garmin.tcx+xml' } })
}

function tcxOf(account: Account, id: string): string {
  const kept = account.find('exercise', id)
  const held = account.measured.sessions('workout').find(({ reading }) => reading.start === kept?.at)
  const track = held?.reading.track
  const rows = [...(track?.t ?? [])].map(
    (t, i) =>
      `<Trackpoint><Time>${rfc(t)}</Time><Position><LatitudeDegrees>${track?.lat[i]}</LatitudeDegrees><LongitudeDegrees>${track?.lon[i]}</LongitudeDegrees></Position></Trackpoint>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities><Activity Sport="Other"><Id>${rfc(kept?.at ?? 0)}</Id><Lap StartTime="${rfc(kept?.at ?? 0)}"><Track>${rows.join('')}</Track></Lap></Activity></Activities></TrainingCenterDatabase>
`
}

const profileOf = ({ id, createdAt }: Account) => ({
  name: `users/${id}/profile`,
  age: 41,
  membershipStartDate: dateParts(rfc(createdAt).slice(0, 10)),
  autoWalkingStrideLengthMm: 742,
  autoRunningStrideLengthMm: 1088,
})

const settingsOf = ({ id, timeZone, measured }: Account, now: number) => ({
  name: `users/${id}/settings`,
  autoStrideEnabled: true,
  distanceUnit: 'DISTANCE_UNIT_KILOMETERS',
  weightUnit: 'WEIGHT_UNIT_KILOGRAMS',
  timeZone,
  utcOffset: offset(measured.offsetAt(now)),
})

const devicesOf = ({ id }: Account, now: number) => [
  {
    name: `users/me/pairedDevices/${id.slice(-3)}`,
    deviceType: 'TRACKER',
    deviceVersion: 'Charge 6',
    batteryStatus: 'Medium',
    batteryLevel: 57,
    lastSyncTime: rfc(now),
    macAddress: '00A0C914C829',
    features: ['HEART_RATE'],
  },
]

export const fitbit = makeCloud(brand)
