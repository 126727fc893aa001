import { ProviderError } from '../kit/errors.ts'
import { defineProvider } from '../kit/provider.ts'
import { account, auth, leave } from './auth.ts'
import { dayFeeds } from './days.ts'
import { heartrate, interbeat_interval } from './heart.ts'
import { session } from './session.ts'
import { sleep } from './sleep.ts'
import { webhook } from './webhook.ts'
import { listsWithoutMetric } from './without-metric.ts'
import { workout } from './workout.ts'

export const oura = defineProvider({
  id: 'oura',
  name: 'Oura',
  makers: ['oura'],
  arrives: 'cloud',
  auth,
  access: {
    en: 'A new app lets in 10 people until Oura approves it. Oura gives data only while a membership is paid.',
    de: 'Eine neue App lässt 10 Personen ein, bis Oura sie freigibt. Daten gibt Oura nur bei bezahlter Mitgliedschaft.',
    fr: 'Une nouvelle app admet 10 personnes jusqu’à l’accord d’Oura. Oura ne donne les données qu’avec un abonnement actif.',
  },
  appUrl: 'https://cloud.ouraring.com/oauth/applications',
  api: 'https://api.ouraring.com',
  // From older pages; today's name no number. A 429 says when to come back, and for whom it counts.
  limits: [{ requests: 5_000, per: '5m', of: 'app' }],
  fault(status, _body, headers, now) {
    if (status === 403)
      return new ProviderError('scope', 'Oura does not give this: it was not allowed, or the membership has lapsed', {
        status,
      })
    const reset = Number(headers.get('x-ratelimit-reset')) * 1_000
    if (status === 429 && !headers.has('retry-after') && reset > now)
      return new ProviderError('rate_limit', 'Oura’s limit of requests is used up', {
        status,
        retryAfterMs: reset - now,
      })
    return undefined
  },
  account,
  leave,
  feeds: { sleep, ...dayFeeds, heartrate, workout, session, interbeat_interval, ...listsWithoutMetric },
  webhook,
})
