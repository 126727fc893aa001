/** Lists that hold no measurement, or one that has no metric. */
import { z } from 'zod'
import { defineFeed, type Pages, timeless } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { withoutMetric } from '../kit/without-metric.ts'
import { scope } from './auth.ts'
import { listOf } from './point-feed.ts'

/** One record about the account, whatever the time. */
const about = (path: string) => ({
  windowDays: timeless,
  lookBackDays: 1,
  async *fetch(http: ProviderHttp): Pages {
    const { body } = await http.get(`/v4/users/me/${path}`)
    yield [readAnswer(z.looseObject({}), body ?? {})]
  },
})

export const listsWithoutMetric = {
  heart_rate_zones: defineFeed({
    title: { en: 'Heart rate zones', de: 'Pulszonen', fr: 'Zones de fréquence cardiaque' },
    ...withoutMetric('bounds that Google reckons from age and resting pulse, not a measurement', [
      'dataPointName',
      'dailyHeartRateZones',
    ]),
    scopes: [scope.metrics],
    ...listOf({ type: 'daily-heart-rate-zones', shape: 'daily', call: 'reconcile' }), // no client that is known could list it
  }),
  periods: defineFeed({
    title: { en: 'Periods', de: 'Periode', fr: 'Règles' },
    ...withoutMetric('from when to when, and not how strong: the metric of the flow is of its strength', [
      'name',
      'dataSource',
      'menstrualPeriod',
    ]),
    scopes: [scope.cycle],
    ...listOf({ type: 'menstrual-period', shape: 'interval', call: 'list' }),
  }),
  profile: defineFeed({
    title: { en: 'Profile', de: 'Profil', fr: 'Profil' },
    ...withoutMetric('about the person; since when they are there is shown with the connection', [
      'name',
      'age',
      'membershipStartDate',
      'autoWalkingStrideLengthMm',
      'autoRunningStrideLengthMm',
      'userConfiguredWalkingStrideLengthMm',
      'userConfiguredRunningStrideLengthMm',
    ]),
    scopes: [scope.profile],
    ...about('profile'),
  }),
  settings: defineFeed({
    title: { en: 'Settings', de: 'Einstellungen', fr: 'Réglages' },
    ...withoutMetric('how the account shows things, not a measurement', [
      'name',
      'autoStrideEnabled',
      'distanceUnit',
      'foodLanguageCode',
      'glucoseUnit',
      'heightUnit',
      'languageLocale',
      'strideLengthRunningType',
      'strideLengthWalkingType',
      'swimUnit',
      'temperatureUnit',
      'timeZone',
      'utcOffset',
      'waterUnit',
      'weightUnit',
    ]),
    scopes: [scope.settings],
    ...about('settings'),
  }),
} as const
