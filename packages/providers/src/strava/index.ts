import { defineProvider } from '../kit/provider.ts'
import { activities } from './activities.ts'
import { auth, leave } from './auth.ts'
import { fault, pause } from './limits.ts'
import { webhook } from './webhook.ts'
import { listsWithoutMetric } from './without-metric.ts'

export const strava = defineProvider({
  id: 'strava',
  name: 'Strava',
  makers: ['strava'],
  arrives: 'cloud',
  auth,
  access: {
    en: 'A new app lets in its owner only; Strava raises that to 10 people for subscribers, and further on request.',
    de: 'Eine neue App lässt nur ihren Besitzer ein; Strava erhöht das für Abonnenten auf 10 Personen, auf Antrag weiter.',
    fr: 'Une nouvelle app n’admet que son propriétaire ; Strava passe à 10 personnes pour les abonnés, et plus sur demande.',
  },
  appUrl: 'https://www.strava.com/settings/api',
  appSettings: [
    {
      name: 'webhook_signature',
      title: {
        en: 'Signature of notices: off, if_present (usual) or require',
        de: 'Signatur der Benachrichtigungen: off, if_present (üblich) oder require',
        fr: 'Signature des notifications : off, if_present (habituel) ou require',
      },
    },
  ],
  api: 'https://www.strava.com/api/v3',
  // Of reads. The answers say what an app really has: `pause`.
  limits: [
    { requests: 100, per: '15m', of: 'app' },
    { requests: 1_000, per: '1d', of: 'app' },
  ],
  fault,
  pause,
  leave,
  feeds: { activities, ...listsWithoutMetric },
  webhook,
})
