/** Lists of scales of Polar's own, or whose form is not documented. No notices are subscribed for them. */
import { defineFeed, type Feed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { withoutMetric } from '../kit/without-metric.ts'
import { datesOf, oneOf } from './lists.ts'

/** Whether the list has a name around it is not documented, and a list that tells nothing must not fail for it. */
async function* recordsOf(http: ProviderHttp, path: string, window: Window, now: number): Pages {
  for await (const answers of oneOf(http, path, datesOf(window, now))) yield answers.flat()
}

/** `why` stands for all of a record. */
const listAt = (path: string, why: string, fields: readonly string[]) => ({
  ...withoutMetric(why, fields),
  windowDays: 27, // 28 with the day before
  lookBackDays: 3,
  fetch: (http: ProviderHttp, window: Window, { now }: FetchContext) => recordsOf(http, path, window, now),
})

const ownScale = 'a scale of Polar’s own; the load of each workout is told with it'
const forecast = 'a forecast, not a measurement'

export const listsWithoutMetric = {
  cardio_load: defineFeed({
    title: { en: 'Cardio load', de: 'Cardio Load', fr: 'Cardio Load' },
    ...listAt('/users/cardio-load/date', ownScale, ['date', 'cardio_load', 'cardio_load_status']),
  }),
  alertness: defineFeed({
    title: { en: 'Alertness forecast', de: 'Vorhersage der Wachheit', fr: 'Prévision de vigilance' },
    ...listAt('/users/sleepwise/alertness/date', forecast, ['from', 'to']),
  }),
  circadian_bedtime: defineFeed({
    title: { en: 'Recommended bedtimes', de: 'Empfohlene Schlafenszeiten', fr: 'Heures de coucher conseillées' },
    ...listAt('/users/sleepwise/circadian-bedtime/date', forecast, ['from', 'to']),
  }),
  skin_contacts: defineFeed({
    title: { en: 'When the watch was worn', de: 'Wann die Uhr getragen wurde', fr: 'Port de la montre' },
    ...listAt('/users/biosensing/skincontacts', 'that the watch was worn: no metric of ours', ['start_time']),
  }),
  ecg: defineFeed({
    title: { en: 'ECG', de: 'EKG', fr: 'ECG' },
    ...listAt('/users/biosensing/ecg', 'how the voltages are written is not documented', ['source_device_id']),
  }),
} as const satisfies Readonly<Record<string, Feed>>
