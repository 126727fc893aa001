/** Garmin: everything is sent, nothing may be asked for unbidden; permissions instead of scopes. */
import { json, nothing } from '../kit/answers.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import { person, type Route } from '../kit/router.ts'
import type { Brand, Refused, Site } from '../kit/site.ts'
import { backfillRoutes } from './backfill.ts'
import { permissionsOf, pullRoutes, tellApps, tellLeft, tellPermissions } from './delivery.ts'
import { recordsOf } from './summaries.ts'

const said = (status: number, errorMessage: string) => json({ errorMessage }, status)

const permissions = {
  ACTIVITY_EXPORT: 'Activities',
  HEALTH_EXPORT: 'Daily health data',
  HISTORICAL_DATA_EXPORT: 'Historical data',
  MCT_EXPORT: 'Menstrual cycle',
}

const brand: Brand = {
  id: 'garmin',
  name: 'Garmin',
  oauth: {
    authorizePaths: ['/oauth2Confirm'],
    tokenPaths: ['/di-oauth2-service/oauth/token'],
    scopes: permissions,
    scopesByDefault: Object.keys(permissions),
    separator: ' ',
    choice: 'ticks',
    pkce: 'required',
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
    refreshSeconds: 7_776_000,
    answer: ({ accessToken, refreshToken, expiresIn }) => ({
      access_token: accessToken,
      expires_in: expiresIn,
      token_type: 'bearer',
      refresh_token: refreshToken,
      refresh_token_expires_in: 7_775_998,
      scope: 'CONNECT_READ PARTNER_READ',
      jti: 'a1f0',
    }),
  },
  oauth1: {
    requestPath: '/oauth-service/oauth/request_token',
    authorizePath: '/oauthConfirm',
    accessPath: '/oauth-service/oauth/access_token',
    endsOn: '2026-12-31',
  },
  limits: {
    windows: [
      { requests: 100, seconds: 60, starts: 'first', per: 'app', counts: (_, path) => path.includes('/backfill/') },
    ],
    tooMany: () => said(429, 'too many requests'),
  },
  accountId: (ids, { email }) => ids.hex(32, 'user', email),
  records: (ids) => (account) => recordsOf(ids, account),
  routes: (site) => [...userRoutes(site), ...pullRoutes(site), ...backfillRoutes(site)],
  refuse,
  tell: tellApps,
  left: tellLeft,
  changed: tellPermissions,
}

function refuse(why: Refused): Response {
  switch (why) {
    case 'no_route':
      return said(404, 'not found')
    case 'wrong_method':
      return said(405, 'method not allowed')
    default:
      return said(401, 'the access token is invalid')
  }
}

/** The same answers at either gateway. */
function userRoutes(site: Site): Route[] {
  return ['/wellness-api/rest/user', '/partner-gateway/rest/user'].flatMap((base) => [
    person('GET', `${base}/id`, [], ({ account }) => json({ userId: account.id })),
    person('GET', `${base}/permissions`, [], ({ account, app }) =>
      json({ permissions: permissionsOf(site, account, app) }),
    ),
    person('DELETE', `${base}/registration`, [], ({ account, app }) => {
      site.grants.end(account.id, app.clientId)
      return nothing()
    }),
  ])
}

export const garmin = makeCloud(brand)
