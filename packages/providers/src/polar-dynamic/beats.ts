/** The time from beat to beat, as the light of a watch saw it: what was lost or read without skin is left out, what moved is fair. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { isGiven, seriesOf } from '../kit/tell.ts'
import { deviceIn, Reference } from './devices.ts'
import { byDayAndDevice } from './lists.ts'
import { midnightOf, number } from './wire.ts'

const flag = z.boolean().nullish()

const Day = z.object({
  date: z.iso.date(),
  recordingDevice: Reference,
  ppiSamples: z
    .array(z.object({ offsetMillis: number, ppInterval: number, skinContact: flag, movement: flag, offline: flag }))
    .nullish(),
})

export const beats = defineFeed<z.infer<typeof Day>>({
  title: { en: 'Heart beats', de: 'Herzschläge', fr: 'Battements du cœur' },
  scopes: ['ppi_data:read'],
  brings: ['rr_interval'],
  ...byDayAndDevice(
    { path: '/ppi-samples', names: ['dailyPpiSamples'], at: 'date', features: ['samples'] },
    'ppiSamplesPerDevice',
  ),
  raw: Day,
  source: ({ recordingDevice }) => deviceIn(recordingDevice),
  *read({ date, ppiSamples }, { timeZone }) {
    const midnight = midnightOf(date, timeZone)
    const seen = (ppiSamples ?? []).filter(({ skinContact, offline }) => skinContact !== false && !offline)
    const points = (moved: boolean) =>
      seen.flatMap(({ offsetMillis, ppInterval, movement }): [number, number][] =>
        (movement ?? false) === moved && isGiven(offsetMillis) && ppInterval
          ? [[midnight + offsetMillis, ppInterval]]
          : [],
      )
    yield* seriesOf('rr_interval', points(false))
    yield* seriesOf('rr_interval', points(true), { quality: 'fair' })
  },
  unused: {
    modified: 'when Polar wrote it down',
    'ppiSamples.*.errorEstimateMillis': 'how far off one beat may be, in Polar’s own reckoning',
    recordingTriggerTypeChanges: 'why the watch looked',
  },
})
