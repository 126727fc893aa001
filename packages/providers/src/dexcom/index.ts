import { defineProvider } from '../kit/provider.ts'
import { alerts } from './alerts.ts'
import { account, auth } from './auth.ts'
import { calibrations } from './calibrations.ts'
import { devices } from './devices.ts'
import { egvs } from './egvs.ts'
import { events } from './events.ts'

export const dexcom = defineProvider({
  id: 'dexcom',
  name: 'Dexcom',
  makers: ['dexcom'],
  arrives: 'cloud',
  auth,
  access: {
    en: 'A registered app has the sandbox and a few people; more need an agreement with Dexcom. Readings come hours late: never use them for alarms.',
    de: 'Eine registrierte App hat die Sandbox und wenige Personen; mehr erfordert einen Vertrag mit Dexcom. Werte kommen Stunden später: nie für Alarme verwenden.',
    fr: 'Une app enregistrée a le bac à sable et quelques personnes ; au-delà, il faut un accord avec Dexcom. Les valeurs arrivent des heures plus tard : jamais pour des alarmes.',
  },
  appUrl: 'https://developer.dexcom.com',
  api: 'https://api.dexcom.com',
  // A person belongs to one of them. The wrong one lets them in, too, and has no data.
  regions: [
    {
      id: 'us',
      title: { en: 'United States', de: 'Vereinigte Staaten', fr: 'États-Unis' },
      origin: 'https://api.dexcom.com',
    },
    {
      id: 'eu',
      title: { en: 'Europe and elsewhere', de: 'Europa und anderswo', fr: 'Europe et ailleurs' },
      origin: 'https://api.dexcom.eu',
    },
    { id: 'jp', title: { en: 'Japan', de: 'Japan', fr: 'Japon' }, origin: 'https://api.dexcom.jp' },
    {
      id: 'sandbox',
      title: {
        en: 'Sandbox, with invented people',
        de: 'Sandbox, mit erfundenen Personen',
        fr: 'Bac à sable, avec des personnes fictives',
      },
      origin: 'https://sandbox-api.dexcom.com',
    },
  ],
  limits: [{ requests: 60_000, per: '1h', of: 'app' }],
  account,
  feeds: { egvs, events, calibrations, alerts, devices },
})
