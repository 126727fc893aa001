import type { ActivityType } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { offsetIn } from '../kit/zone.ts'
import { datesOf, pagesOf } from './call.ts'
import { deviceOf, sometimes } from './devices.ts'

const number = z.number().nullish()
const text = z.string().nullish()

const categories: Readonly<Record<number, ActivityType>> = {
  1: 'walking',
  2: 'running',
  3: 'hiking',
  6: 'cycling',
  7: 'swimming_pool',
  16: 'strength',
  18: 'elliptical',
  28: 'yoga',
  34: 'skiing_alpine',
  36: 'other',
  187: 'rowing',
  272: 'multisport',
  306: 'walking',
  307: 'running_treadmill',
  308: 'cycling_indoor',
  498: 'running_trail',
  523: 'cycling_mountain',
  550: 'hiit',
}

const Figures = z.object({
  calories: number,
  distance: number,
  steps: number,
  elevation: number,
  hr_average: number,
  hr_min: number,
  hr_max: number,
  pause_duration: number,
  intensity: number,
  strokes: number,
  pool_laps: number,
  pool_length: number,
  spo2_average: number,
})

const Workout = z.object({
  id: z.union([z.number(), z.string()]),
  category: z.number(),
  timezone: text,
  startdate: z.number(),
  enddate: z.number(),
  deviceid: text,
  hash_deviceid: text,
  data: Figures.nullish(),
})

export const workouts = defineFeed<z.infer<typeof Workout>>({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  scopes: ['user.activity'],
  brings: ['workout'],
  windowDays: 90,
  lookBackDays: 7,
  fetch: (http, window) =>
    pagesOf(http, '/v2/measure', 'getworkouts', 'series', {
      ...datesOf(window),
      data_fields: Object.keys(Figures.shape).join(','),
    }),
  raw: Workout,
  source: deviceOf,
  *read({ id, category, timezone, startdate, enddate, data }) {
    const start = startdate * 1_000
    const offset = timezone ? offsetIn(timezone, start) : undefined
    const pause = data?.pause_duration
    yield {
      kind: 'session',
      type: 'workout',
      activity: categories[category] ?? 'other',
      start,
      end: enddate * 1_000,
      ...(offset === undefined ? {} : { offset }),
      externalId: `workout:${id}`,
      totals: totalsOf({
        duration: enddate - startdate,
        active_duration: typeof pause === 'number' ? enddate - startdate - pause : undefined,
        distance: data?.distance,
        steps: data?.steps,
        floors_climbed: data?.elevation,
        energy_active: data?.calories,
        heart_rate_avg: data?.hr_average,
        heart_rate_min: data?.hr_min,
        heart_rate_max: data?.hr_max,
        swim_strokes: data?.strokes,
      }),
      parts: [],
      extra: given({
        category,
        intensity: data?.intensity,
        pool_laps: data?.pool_laps,
        pool_length: data?.pool_length,
        spo2_avg: data?.spo2_average,
      }),
    }
  },
  sometimes,
  unused: {
    model: 'a number here, which names nothing',
    attrib: 'how it came about, in numbers that the page does not explain for workouts',
    date: 'the date of the start',
    modified: 'when Withings last counted',
  },
})
