/** The profile, as it was last changed. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { daysOf, samplesOf } from '../kit/tell.ts'
import { oneOf, reaches } from './lists.ts'

const number = z.number().nullish()

const Info = z.object({
  weight: number,
  height: number,
  resting_heart_rate: number,
  vo2_max: number,
  weight_source: z.string().nullish(),
  modified: z.iso.datetime({ offset: true }),
})

export const physical_info = defineFeed<z.infer<typeof Info>>({
  title: { en: 'Weight and height', de: 'Gewicht und Größe', fr: 'Poids et taille' },
  brings: ['body_mass', 'body_height', 'vo2max', 'resting_heart_rate'],
  windowDays: 30,
  lookBackDays: 0,
  async *fetch(http, window, { now }) {
    if (reaches(window, now, 1)) yield* oneOf(http, '/users/physical-info')
  },
  raw: Info,
  *read({ weight, height, vo2_max, resting_heart_rate, weight_source, modified }): Generator<Told> {
    const t = Date.parse(modified)
    const method = weight_source === 'SOURCE_USER' ? 'manual' : 'unknown'
    yield* samplesOf({ t, method }, [['body_mass', weight]])
    yield* samplesOf({ t }, [
      ['body_height', height, 'cm'],
      ['vo2max', vo2_max],
    ])
    yield* daysOf(modified.slice(0, 10), [['resting_heart_rate', resting_heart_rate]])
  },
  unused: {
    maximum_heart_rate: 'a setting for zones, no measurement',
    aerobic_threshold: 'a setting for zones, no measurement',
    anaerobic_threshold: 'a setting for zones, no measurement',
    sleep_goal: 'an aim, not a measurement',
  },
})
