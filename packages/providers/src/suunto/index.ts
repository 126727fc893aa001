import { ProviderError } from '../kit/errors.ts'
import { retryAfter } from '../kit/fault-of.ts'
import { defineProvider } from '../kit/provider.ts'
import { given } from '../kit/tell.ts'
import { activity, days, recovery, sleep } from './around-the-clock.ts'
import { auth } from './auth.ts'
import { routes } from './routes.ts'
import { webhook } from './webhook.ts'
import { workouts } from './workouts.ts'

export const suunto = defineProvider({
  id: 'suunto',
  name: 'Suunto',
  makers: ['suunto'],
  arrives: 'cloud',
  auth,
  access: {
    en: 'Suunto gives access to partners only, not for private use. Without it, export FIT files from the Suunto app and import them here.',
    de: 'Suunto gibt nur Partnern Zugang, nicht für private Zwecke. Ohne ihn exportierst du FIT-Dateien aus der Suunto-App und importierst sie hier.',
    fr: 'Suunto n’ouvre l’accès qu’à ses partenaires, pas à titre privé. Sans lui, exportez les fichiers FIT de l’application Suunto et importez-les ici.',
  },
  appUrl: 'https://apizone.suunto.com',
  appSettings: [
    {
      name: 'subscription_key',
      title: { en: 'Subscription key', de: 'Subscription Key', fr: 'Clé d’abonnement (subscription key)' },
      secret: true,
      needed: true,
    },
    {
      name: 'notification_secret',
      title: { en: 'Notification secret', de: 'Notification Secret', fr: 'Secret de notification' },
      secret: true,
    },
  ],
  api: 'https://cloudapi.suunto.com',
  origins: ['https://cloudapi-oauth.suunto.com'],
  headers: (app) => ({ 'ocp-apim-subscription-key': app?.extra['subscription_key'] ?? '' }),
  limits: [], // they come with the product that was subscribed to, and are not public
  /** Two credentials go with each call, and the gateway speaks of its own with the statuses of the other. */
  fault(status, body, headers, now) {
    const said = status === 401 || status === 403 ? JSON.stringify(body ?? '') : ''
    if (/subscription key/i.test(said))
      return new ProviderError('unavailable', 'Suunto does not accept the operator’s subscription key', { status })
    if (status === 403 && /quota/i.test(said)) {
      const retryAfterMs = retryAfter(headers, now) ?? replenishedMs(said)
      return new ProviderError('rate_limit', 'Suunto’s quota of the operator’s subscription is used up', {
        status,
        ...given({ retryAfterMs }),
      })
    }
    return undefined
  },
  async leave(http, _tokens, app) {
    await http.get(
      'https://cloudapi-oauth.suunto.com/oauth/deauthorize',
      { client_id: app.clientId },
      { expects: [401], bytes: true },
    )
  },
  feeds: { workouts, sleep, activity, recovery, days, routes },
  webhook,
})

/** `Quota will be replenished in 1.02:03:04`, or without days, or `in 3600 seconds`. */
function replenishedMs(said: string): number | undefined {
  const [, plain] = /replenished in (\d+) seconds?/.exec(said) ?? []
  if (plain !== undefined) return Number(plain) * 1000
  const [, days = '0', hours, minutes, seconds] = /replenished in (?:(\d+)\.)?(\d+):(\d\d):(\d\d)/.exec(said) ?? []
  if (hours === undefined) return undefined
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
}
