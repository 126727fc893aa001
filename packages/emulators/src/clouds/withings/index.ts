/** Withings: everything is a form to a service, and every answer a 200 with the truth inside. */

import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { makeCloud } from '../kit/make-cloud.ts'
import type { Brand } from '../kit/site.ts'
import { activitiesOf } from './activity.ts'
import { groupsOf } from './measures.ts'
import { tellApps, tellLeft } from './notify.ts'
import { oauthRoutes, tokenAnswer } from './oauth.ts'
import { codes, no } from './reply.ts'
import { serviceRoutes } from './services.ts'

const brand: Brand = {
  id: 'withings',
  name: 'Withings',
  oauth: {
    authorizePaths: ['/oauth2_user/authorize2'],
    tokenPaths: [],
    scopes: {
      'user.info': 'Who you are, your devices and goals',
      'user.metrics': 'Weight, blood pressure, temperature and other measures',
      'user.activity': 'Activity, workouts and sleep',
      'user.sleepevents': 'When you go to bed and get up',
    },
    separator: ',',
    choice: 'all',
    stateLength: 1,
    pkce: 'none',
    redirect: 'exact',
    codeSeconds: 30,
    codeAgain: 'refused',
    client: ['body'],
    body: 'form',
    accessSeconds: 10_800,
    oldAccess: 'lives',
    refresh: 'rotates',
    refreshing: 'lenient',
    oldRefreshSeconds: 28_800,
    refreshAgain: 'refused',
    refreshSeconds: 365 * 86_400,
    answer: tokenAnswer,
  },
  limits: {
    windows: [{ requests: 120, seconds: 60, starts: 'first', per: 'app' }],
    tooMany: () => no(codes.tooMany, 'Too Many Requests'),
  },
  accountId: (ids, { email }) => String(ids.integer(8, 'user', email)),
  records,
  routes: (site) => [...oauthRoutes(site), ...serviceRoutes(site)],
  refuse: (why) =>
    why === 'no_route' || why === 'wrong_method'
      ? no(codes.notImplemented, 'There is no such service')
      : no(codes.unauthenticated, 'invalid_token: The access token is invalid'),
  tell: tellApps,
  left: tellLeft,
}

function records(ids: Ids) {
  return function* (account: Account): Iterable<Draft> {
    yield* groupsOf(ids, account)
    yield* activitiesOf(ids, account)
  }
}

export const withings = makeCloud(brand)
