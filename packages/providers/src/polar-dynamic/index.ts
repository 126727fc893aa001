import { faultOfPairs, pauseOfPairs } from '../kit/limit-pairs.ts'
import { defineProvider } from '../kit/provider.ts'
import { activity } from './activity.ts'
import { account, auth } from './auth.ts'
import { beats } from './beats.ts'
import { continuous } from './continuous.ts'
import { nightly_recharge } from './nightly-recharge.ts'
import { physical_info } from './physical-info.ts'
import { sleep } from './sleep.ts'
import { temperature } from './temperature.ts'
import { tests } from './tests.ts'
import { training_sessions } from './training-sessions.ts'
import { user_devices } from './user-devices.ts'

export const polarDynamic = defineProvider({
  id: 'polar_dynamic',
  name: 'Polar (Dynamic API)',
  makers: ['polar_dynamic'], // things of Polar's are AccessLink's, unless they say this
  arrives: 'cloud',
  auth,
  access: {
    en: 'The newer API of Polar, with its past, beats and devices. It has its own app beside the one of Polar, and tells nothing by itself: data come with each sync.',
    de: 'Die neuere Schnittstelle von Polar, mit Vergangenheit, Herzschlägen und Geräten. Sie hat eine eigene App neben der von Polar und meldet sich nicht selbst: Daten kommen mit jedem Abgleich.',
    fr: 'L’API plus récente de Polar, avec le passé, les battements et les appareils. Elle a sa propre app à côté de celle de Polar et ne prévient pas : les données viennent à chaque synchronisation.',
  },
  appUrl: 'https://admin.polaraccesslink.com',
  api: 'https://www.polaraccesslink.com/v4/data',
  headers: () => ({ accept: 'application/json' }),
  limits: [
    { requests: 3_000, per: '15m', of: 'app' },
    { requests: 100_000, per: '1d', of: 'app' },
  ],
  fault: (status, _body, headers) => faultOfPairs('Polar', status, headers),
  pause: pauseOfPairs,
  account,
  feeds: {
    training_sessions,
    sleep,
    nightly_recharge,
    activity,
    continuous,
    beats,
    temperature,
    tests,
    physical_info,
    user_devices,
  },
})
