/** What was measured at one moment on one thing: a weighing, a blood pressure. Numbers are `value × 10^unit`. */
import type { RecordingMethod } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { RecordError } from '../kit/read-records.ts'
import { offsetIn } from '../kit/zone.ts'
import { pagesOf, seconds } from './call.ts'
import { deviceOf, sometimes } from './devices.ts'

const diastolic = 9
const systolic = 10
const oxygen = 54

/** Only what is named here or below is asked for. */
const metricOf: Readonly<Record<number, string>> = {
  1: 'body_mass',
  4: 'body_height',
  5: 'lean_mass',
  6: 'body_fat',
  8: 'fat_mass',
  11: 'heart_rate',
  12: 'body_temperature',
  54: 'spo2',
  71: 'body_temperature',
  73: 'skin_temperature',
  76: 'muscle_mass',
  77: 'body_water_mass',
  88: 'bone_mass',
  91: 'pulse_wave_velocity',
  123: 'vo2max',
  155: 'vascular_age',
  170: 'visceral_fat_rating',
  226: 'basal_metabolic_rate',
  227: 'metabolic_age',
}

const segment = 'a part of the body: metrics are of the whole'
const interval = 'an interval of an ECG: no metric of ours'

/** Asked for, so that it stands in answers that are kept, and told by none of our metrics. */
export const withoutMetric: Readonly<Record<number, string>> = {
  130: 'a class of an ECG, which the ECG itself tells',
  135: interval,
  136: interval,
  137: interval,
  138: interval,
  139: 'a class whose codes are not documented',
  167: 'a score of Withings’ own',
  168: 'a part of the body’s water: the metric is of all of it',
  169: 'a part of the body’s water: the metric is of all of it',
  173: segment,
  174: segment,
  175: segment,
  196: 'no unit is documented',
  229: 'no metric of ours',
}
const meastypes = [...Object.keys(metricOf), ...Object.keys(withoutMetric), diastolic, systolic].join(',')

/** How it came about; 1 is left out, see below. */
const methods: Readonly<Record<number, RecordingMethod>> = {
  0: 'automatic',
  2: 'manual',
  4: 'manual',
  5: 'active',
  7: 'automatic',
  8: 'automatic',
  15: 'active',
}
const ambiguous = 1
const real = 1

const text = z.string().nullish()

const Group = z.object({
  timezone: z.string(),
  grpid: z.union([z.number(), z.string()]),
  attrib: z.number(),
  date: z.number(),
  modified: z.number().nullish(),
  category: z.number().nullish(),
  deviceid: text,
  hash_deviceid: text,
  model: z.union([z.string(), z.number()]).nullish(),
  measures: z.array(z.object({ value: z.number(), type: z.number(), unit: z.number() })),
})
type Group = z.infer<typeof Group>

export const measures = defineFeed<Group>({
  title: { en: 'Weight, blood pressure and more', de: 'Gewicht, Blutdruck und mehr', fr: 'Poids, tension et plus' },
  scopes: ['user.metrics'],
  brings: [
    'body_mass',
    'body_height',
    'body_fat',
    'fat_mass',
    'lean_mass',
    'muscle_mass',
    'bone_mass',
    'body_water_mass',
    'bp_systolic',
    'bp_diastolic',
    'heart_rate',
    'spo2',
    'body_temperature',
    'skin_temperature',
    'pulse_wave_velocity',
    'vo2max',
    'vascular_age',
    'visceral_fat_rating',
    'basal_metabolic_rate',
    'metabolic_age',
  ],
  windowDays: 365,
  lookBackDays: 14, // a scale that was offline, a weighing that was given to someone else
  fetch: (http, { from, to }) =>
    pagesOf(http, '/measure', 'getmeas', 'measuregrps', {
      meastypes,
      category: real, // goals would come in the same call
      startdate: seconds(from),
      enddate: seconds(to),
    }),
  raw: Group,
  version: ({ grpid, modified }) => ({ key: String(grpid), rank: modified ?? 0 }),
  source: deviceOf,
  *read(group): Generator<Told> {
    if ((group.category ?? real) !== real) return // a goal
    if (group.attrib === ambiguous) throw new RecordError('several people of this scale may have stood on it')
    const t = group.date * 1_000
    const offset = offsetIn(group.timezone, t)
    const at = { ...(offset === undefined ? {} : { offset }), method: methods[group.attrib] ?? 'unknown' } as const
    const pressure: Record<string, number> = {}
    for (const { type, value, unit } of group.measures) {
      const measured = realOf(value, unit)
      const metric = metricOf[type]
      if (type === systolic) pressure['systolic'] = measured
      else if (type === diastolic) pressure['diastolic'] = measured
      else if (metric)
        yield { kind: 'sample', metric, t, ...at, value: type === oxygen && measured <= 1 ? measured * 100 : measured }
    }
    if (Object.keys(pressure).length)
      yield {
        kind: 'event',
        metric: 'blood_pressure',
        start: t,
        value: pressure,
        ...(offset === undefined ? {} : { offset }),
        externalId: String(group.grpid),
      }
  },
  sometimes: { ...sometimes, grpid: 'a blood pressure is known by it, a value by its time' },
  unused: {
    created: 'when Withings wrote it down',
    modified: 'which of two versions counts',
    modelid: 'a number for the model',
    comment: 'a note, which no reading has a place for',
    'measures.*.algo': 'how the scale works it out',
    'measures.*.fm': 'how the scale works it out',
    'measures.*.position': 'of segments, which no metric is of',
  },
})

/** A division is exact where a product with 0.01 is not: 7642 and −2 are 76.42. */
const realOf = (value: number, unit: number): number => (unit < 0 ? value / 10 ** -unit : value * 10 ** unit)
