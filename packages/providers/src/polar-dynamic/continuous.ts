/** The pulse of a day. Each day is asked for whole at once, as live clients do: nobody wrote down what comes without features. */
import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { isGiven, seriesOf } from '../kit/tell.ts'
import { deviceIn, Reference } from './devices.ts'
import { byDay, datesOf, dayAfter, type List, rowsOf } from './lists.ts'
import { midnightOf, number } from './wire.ts'

const Day = z.object({
  date: z.iso.date(),
  deviceRef: Reference,
  samples: z.array(z.object({ heartRate: number, offsetMillis: number })).nullish(),
})

const list: List = {
  path: '/continuous-samples',
  names: ['continuousSamples', 'heartRateSamplesPerDay'],
  at: 'date',
  features: ['heart-rate-samples'],
}

export const continuous = defineFeed<z.infer<typeof Day>>({
  title: { en: 'Heart rate', de: 'Puls', fr: 'Fréquence cardiaque' },
  scopes: ['continuous_samples:read'],
  brings: ['heart_rate'],
  ...byDay(list),
  fetch: eachDay,
  raw: Day,
  source: ({ deviceRef }) => deviceIn(deviceRef),
  *read({ date, samples }, { timeZone }) {
    const midnight = midnightOf(date, timeZone)
    const points = (samples ?? []).flatMap(({ heartRate, offsetMillis }): [number, number][] =>
      heartRate && isGiven(offsetMillis) ? [[midnight + offsetMillis, heartRate]] : [],
    )
    yield* seriesOf('heart_rate', points)
  },
  unused: { 'samples.*.triggerType': 'why the watch looked' },
})

/** An answer may hold the beginning of the next day too, which comes with its own. */
async function* eachDay(http: ProviderHttp, window: Window, context: FetchContext): Pages {
  const { path, names, features } = list
  const dates = datesOf(window, context)
  for (let from = dates.from; from < dates.to; from = dayAfter(from)) {
    const rows = (await rowsOf(http, path, { from, to: dayAfter(from), features }, names)) ?? []
    yield rows.filter(({ date }) => date === from)
  }
}
