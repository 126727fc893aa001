/** What Oura states for a date, by collection: `day` is the person's own and never shifted. */
import type { MetricId } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Feed, type Told } from '../kit/feed.ts'
import { daysOf } from '../kit/tell.ts'
import type { Words } from '../kit/words.ts'
import { byDate } from './collections.ts'
import { Items, itemsOf } from './items.ts'

const number = z.number().nullish()

interface DayCollection<Shape extends z.ZodRawShape> {
  collection: string
  title: Words
  scopes?: readonly string[]
  shape: Shape
  brings: readonly MetricId[]
  read(record: z.infer<z.ZodObject<Shape>>, day: string): Iterable<Told>
  unused: Readonly<Record<string, string>>
}

const common = {
  id: 'the day is its key',
  timestamp: 'when the day began, by the day itself',
  contributors: 'parts of the score, on a scale of Oura’s own',
}

function dayFeed<Shape extends z.ZodRawShape>({
  collection,
  shape,
  read,
  unused,
  ...rest
}: DayCollection<Shape>): Feed {
  const raw = z.object({ ...shape, day: z.iso.date() })
  return defineFeed<z.infer<typeof raw>>({
    ...rest,
    ...byDate(collection, { unscoped: !rest.scopes }),
    lookBackDays: 7, // days are told again when a bedtime is edited or the algorithm reruns
    raw,
    read: (record) => read(record as z.infer<z.ZodObject<Shape>>, (record as unknown as { day: string }).day),
    unused: { ...common, ...unused },
  })
}

export const dayFeeds = {
  daily_sleep: dayFeed({
    collection: 'daily_sleep',
    title: { en: 'Sleep scores', de: 'Schlafwerte', fr: 'Scores de sommeil' },
    scopes: ['daily'],
    brings: ['sleep_score'],
    shape: { score: number },
    read: ({ score }, day) => daysOf(day, [['sleep_score', score]]),
    unused: {},
  }),
  daily_readiness: dayFeed({
    collection: 'daily_readiness',
    title: { en: 'Readiness', de: 'Bereitschaft', fr: 'Forme' },
    scopes: ['daily'],
    brings: ['readiness_score', 'skin_temperature_deviation'],
    shape: { score: number, temperature_deviation: number },
    read: ({ score, temperature_deviation }, day) =>
      daysOf(day, [
        ['readiness_score', score],
        ['skin_temperature_deviation', temperature_deviation],
      ]),
    unused: { temperature_trend_deviation: 'the same, smoothed over several days' },
  }),
  daily_activity: dayFeed({
    collection: 'daily_activity',
    title: { en: 'Activity of the day', de: 'Aktivität des Tages', fr: 'Activité du jour' },
    scopes: ['daily'],
    brings: [
      'steps',
      'energy_active',
      'energy_total',
      'distance_equivalent',
      'activity_score',
      'moderate_duration',
      'vigorous_duration',
      'sedentary_duration',
      'met',
    ],
    shape: {
      score: number,
      steps: number,
      active_calories: number,
      total_calories: number,
      equivalent_walking_distance: number,
      medium_activity_time: number,
      high_activity_time: number,
      sedentary_time: number,
      met: Items.nullish(),
    },
    *read(record, day) {
      yield* daysOf(day, [
        ['activity_score', record.score],
        ['steps', record.steps],
        ['energy_active', record.active_calories],
        ['energy_total', record.total_calories],
        ['distance_equivalent', record.equivalent_walking_distance], // as if all had been walked: no distance
        ['moderate_duration', record.medium_activity_time],
        ['vigorous_duration', record.high_activity_time],
        ['sedentary_duration', record.sedentary_time],
      ])
      yield* itemsOf('met', record.met, true)
    },
    unused: {
      average_met_minutes: 'the mean of the minutes in met',
      low_activity_time: 'no metric of ours',
      resting_time: 'no metric of ours',
      non_wear_time: 'when the ring lay elsewhere',
      inactivity_alerts: 'reminders, not the body',
      target_calories: 'an aim, not a measurement',
      target_meters: 'an aim, not a measurement',
      meters_to_target: 'an aim, not a measurement',
      class_5_min: 'a coarser form of met',
    },
  }),
  daily_spo2: dayFeed({
    collection: 'daily_spo2',
    title: { en: 'Blood oxygen', de: 'Blutsauerstoff', fr: 'Oxygène du sang' },
    scopes: ['spo2Daily'],
    brings: ['spo2', 'breathing_disturbance_index'],
    shape: { spo2_percentage: z.object({ average: number }).nullish(), breathing_disturbance_index: number },
    read: ({ spo2_percentage, breathing_disturbance_index }, day) =>
      daysOf(day, [
        ['spo2', spo2_percentage?.average],
        ['breathing_disturbance_index', breathing_disturbance_index],
      ]),
    unused: {},
  }),
  daily_stress: dayFeed({
    collection: 'daily_stress',
    title: { en: 'Stress', de: 'Stress', fr: 'Stress' },
    brings: ['stress_high_duration', 'recovery_high_duration'],
    shape: { stress_high: number, recovery_high: number },
    read: ({ stress_high, recovery_high }, day) =>
      daysOf(day, [
        ['stress_high_duration', stress_high],
        ['recovery_high_duration', recovery_high],
      ]),
    unused: { day_summary: 'a word for the two durations' },
  }),
  daily_cardiovascular_age: dayFeed({
    collection: 'daily_cardiovascular_age',
    title: { en: 'Age of the vessels', de: 'Alter der Gefäße', fr: 'Âge vasculaire' },
    brings: ['vascular_age', 'pulse_wave_velocity'],
    shape: { vascular_age: number, pulse_wave_velocity: number },
    read: ({ vascular_age, pulse_wave_velocity }, day) =>
      daysOf(day, [
        ['vascular_age', vascular_age],
        ['pulse_wave_velocity', pulse_wave_velocity],
      ]),
    unused: {},
  }),
  vo2_max: dayFeed({
    collection: 'vO2_max', // with a capital in the path, without one in notices
    title: { en: 'VO₂ max', de: 'VO₂ max', fr: 'VO₂ max' },
    brings: ['vo2max'],
    shape: { vo2_max: number },
    read: ({ vo2_max }, day) => daysOf(day, [['vo2max', vo2_max]]),
    unused: {},
  }),
} as const
