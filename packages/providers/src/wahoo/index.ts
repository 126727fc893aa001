import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { defineProvider } from '../kit/provider.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { given } from '../kit/tell.ts'
import { auth } from './auth.ts'
import { powerZones } from './power-zones.ts'
import { webhook } from './webhook.ts'
import { workouts } from './workouts.ts'

const user = z.object({
  id: z.number(),
  first: z.string().nullish(),
  last: z.string().nullish(),
  height: z.string().nullish(),
  weight: z.string().nullish(),
})

/** Seconds until the limit that is used up opens again; 0 when none is. */
function resetMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('x-ratelimit-reset') || Number.NaN)
  return seconds > 0 ? seconds * 1000 : undefined
}

export const wahoo = defineProvider({
  id: 'wahoo',
  name: 'Wahoo',
  makers: ['wahoo'],
  arrives: 'cloud',
  auth,
  access: {
    en: 'Register an app in Wahoo’s developer portal. A sandbox app works at once with 250 requests a day, which is enough for a household; more needs Wahoo’s review.',
    de: 'Registriere eine App in Wahoos Entwicklerportal. Eine Sandbox-App geht sofort, mit 250 Anfragen am Tag; das reicht für einen Haushalt. Mehr braucht Wahoos Prüfung.',
    fr: 'Enregistrez une application dans le portail développeur de Wahoo. Une application « sandbox » marche aussitôt, avec 250 requêtes par jour, ce qui suffit à un foyer ; davantage demande l’examen de Wahoo.',
  },
  appUrl: 'https://developers.wahooligan.com/applications',
  appSettings: [
    {
      name: 'webhook_token',
      title: { en: 'Webhook token', de: 'Webhook-Token', fr: 'Jeton du webhook' },
      secret: true,
    },
  ],
  api: 'https://api.wahooligan.com',
  origins: ['https://*.wahooligan.com'],
  // Of an app that was reviewed; a sandbox's are smaller, and `pause` says when they are used up.
  limits: [
    { requests: 200, per: '5m', of: 'app' },
    { requests: 1000, per: '1h', of: 'app' },
    { requests: 5000, per: '1d', of: 'app' },
  ],
  fault(status, _body, headers) {
    if (status === 429)
      return new ProviderError('rate_limit', 'Wahoo wants fewer requests', {
        status,
        ...given({ retryAfterMs: resetMs(headers) }),
      })
    if (status === 422)
      return new ProviderError('bad_data', 'Wahoo refused this, perhaps because it has not approved the app yet', {
        status,
      })
    return undefined
  },
  /** `4988, 990, 196` are left of the day, the hour and five minutes. */
  pause(headers) {
    const left = headers.get('x-ratelimit-remaining')?.split(',').map(Number) ?? []
    return left.some((count) => count <= 0) ? resetMs(headers) : undefined
  },
  async account(http) {
    const { id, first, last, height, weight } = readAnswer(user, (await http.get('/v1/user')).body)
    const name = [first, last].filter(Boolean).join(' ') || undefined
    return { account: String(id), profile: given({ name, height_m: height, weight_kg: weight }) } // no dated measurements
  },
  async leave(http) {
    await http.delete('/v1/permissions', { expects: [401, 404] })
  },
  feeds: { workouts, power_zones: powerZones },
  webhook,
})
