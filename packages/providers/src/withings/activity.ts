/** A day's sums, one row for each thing and for each maker that Withings takes data from. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { daysOf } from '../kit/tell.ts'
import { datesOf, pagesOf } from './call.ts'
import { deviceOf, sometimes } from './devices.ts'

const number = z.number().nullish()
const text = z.string().nullish()
const ownBrand = 1

const Day = z.object({
  date: z.iso.date(),
  deviceid: text,
  hash_deviceid: text,
  brand: number,
  steps: number,
  distance: number,
  elevation: number,
  moderate: number,
  intense: number,
  active: number,
  calories: number,
  totalcalories: number,
})

const fields = 'steps,distance,elevation,soft,moderate,intense,active,calories,totalcalories,hr_average,hr_min,hr_max'

export const activity = defineFeed<z.infer<typeof Day>>({
  title: { en: 'Activity of the day', de: 'Aktivität des Tages', fr: 'Activité du jour' },
  scopes: ['user.activity'],
  brings: [
    'steps',
    'distance',
    'floors_climbed',
    'energy_active',
    'energy_total',
    'moderate_duration',
    'vigorous_duration',
    'active_duration',
  ],
  windowDays: 90,
  lookBackDays: 7,
  fetch: (http, window) =>
    pagesOf(http, '/v2/measure', 'getactivity', 'activities', { ...datesOf(window), data_fields: fields }),
  raw: Day,
  source: deviceOf, // days of two things are never added up
  *read(day) {
    if ((day.brand ?? ownBrand) !== ownBrand) return // Apple Health and others: they are read where they come from
    yield* daysOf(day.date, [
      ['steps', day.steps],
      ['distance', day.distance],
      ['floors_climbed', day.elevation], // floors, whatever it is called
      ['energy_active', day.calories],
      ['energy_total', day.totalcalories],
      ['moderate_duration', day.moderate],
      ['vigorous_duration', day.intense],
      ['active_duration', day.active],
    ])
  },
  sometimes,
  unused: {
    timezone: 'the date is the person’s own already',
    is_tracker: 'the device says it',
    model: 'a number here, which names nothing',
    modelid: 'a number, which names nothing',
    modified: 'when Withings last counted',
    soft: 'no metric of ours',
    hr_average: 'made of the pulse that intraday tells',
    hr_min: 'made of the pulse that intraday tells',
    hr_max: 'made of the pulse that intraday tells',
    hr_zone_0: 'zones of Withings’ own',
    hr_zone_1: 'zones of Withings’ own',
    hr_zone_2: 'zones of Withings’ own',
    hr_zone_3: 'zones of Withings’ own',
  },
})
