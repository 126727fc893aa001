import { pauseOfPairs } from '../kit/limit-pairs.ts'
import { defineProvider } from '../kit/provider.ts'
import { activity } from './activity.ts'
import { account, auth, leave } from './auth.ts'
import { body_temperature, skin_temperature, spo2 } from './biosensing.ts'
import { continuous_heart_rate } from './continuous-heart-rate.ts'
import { exercises } from './exercises.ts'
import { fault } from './limits.ts'
import { nightly_recharge } from './nightly-recharge.ts'
import { physical_info } from './physical-info.ts'
import { sleep } from './sleep.ts'
import { webhook } from './webhook.ts'
import { listsWithoutMetric } from './without-metric.ts'

export const polar = defineProvider({
  id: 'polar',
  name: 'Polar',
  makers: ['polar'],
  arrives: 'cloud',
  auth,
  appUrl: 'https://admin.polaraccesslink.com',
  api: 'https://www.polaraccesslink.com/v3',
  headers: () => ({ accept: 'application/json' }), // else it may be XML
  // Of an app without people; each of them adds 20 and 100, and the answers say what it really is.
  limits: [
    { requests: 500, per: '15m', of: 'app' },
    { requests: 5_000, per: '1d', of: 'app' },
  ],
  fault,
  pause: pauseOfPairs,
  account,
  leave,
  feeds: {
    exercises,
    activity,
    sleep,
    nightly_recharge,
    continuous_heart_rate,
    physical_info,
    spo2,
    skin_temperature,
    body_temperature,
    ...listsWithoutMetric,
  },
  webhook,
})
