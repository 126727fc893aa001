import { defineProvider } from '../kit/provider.ts'
import { devices, goals } from './account.ts'
import { activity } from './activity.ts'
import { auth, leave, proveApp } from './auth.ts'
import { heart } from './heart.ts'
import { intraday } from './intraday.ts'
import { measures } from './measures.ts'
import { sleep } from './sleep.ts'
import { isTokenEnded } from './statuses.ts'
import { webhook } from './webhook.ts'
import { workouts } from './workouts.ts'

export const withings = defineProvider({
  id: 'withings',
  name: 'Withings',
  makers: ['withings', 'nokia_health'],
  arrives: 'cloud',
  auth,
  appUrl: 'https://developer.withings.com/dashboard',
  api: 'https://wbsapi.withings.net',
  limits: [{ requests: 120, per: '1m', of: 'app' }],
  isTokenEnded,
  proveApp,
  leave,
  feeds: { measures, activity, intraday, workouts, sleep, heart, devices, goals },
  webhook,
})
