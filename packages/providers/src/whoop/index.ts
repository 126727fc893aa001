import { defineProvider } from '../kit/provider.ts'
import { account, auth } from './auth.ts'
import { body } from './body.ts'
import { cycle } from './cycle.ts'
import { fault, pause } from './limits.ts'
import { recovery } from './recovery.ts'
import { sleep } from './sleep.ts'
import { webhook } from './webhook.ts'
import { workout } from './workout.ts'

export const whoop = defineProvider({
  id: 'whoop',
  name: 'WHOOP',
  makers: ['whoop'],
  arrives: 'cloud',
  auth,
  access: {
    en: 'Registering an app needs a WHOOP membership; until WHOOP approves the app, it lets in a handful of people.',
    de: 'Für eine App braucht es eine WHOOP-Mitgliedschaft; bis WHOOP sie freigibt, lässt sie nur wenige Personen ein.',
    fr: 'Il faut un abonnement WHOOP pour créer une app ; avant l’accord de WHOOP, elle n’admet que quelques personnes.',
  },
  appUrl: 'https://developer-dashboard.whoop.com',
  api: 'https://api.prod.whoop.com/developer',
  headers: () => ({ 'user-agent': 'Tributary' }), // names of common libraries are turned away at the door
  limits: [
    { requests: 100, per: '1m', of: 'app' },
    { requests: 10_000, per: '1d', of: 'app' },
  ],
  fault,
  pause,
  account,
  leave: async (http) => void (await http.delete('/v2/user/access')), // ends the notices too
  feeds: { sleep, recovery, cycle, workout, body },
  webhook,
})
