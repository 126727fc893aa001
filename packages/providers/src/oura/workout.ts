import { activityFromName } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { given, offsetOf, totalsOf } from '../kit/tell.ts'
import { byDate } from './collections.ts'

const number = z.number().nullish()
const text = z.string().nullish()
const instant = z.iso.datetime({ offset: true })

const Workout = z.object({
  id: z.string(),
  activity: z.string(),
  calories: number,
  distance: number,
  intensity: text,
  label: text,
  source: text,
  start_datetime: instant,
  end_datetime: instant,
})

export const workout = defineFeed<z.infer<typeof Workout>>({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  scopes: ['workout'],
  brings: ['workout'],
  ...byDate('workout'),
  lookBackDays: 7,
  raw: Workout,
  *read(record) {
    const start = Date.parse(record.start_datetime)
    const end = Date.parse(record.end_datetime)
    yield {
      kind: 'session',
      type: 'workout',
      activity: activityFromName(record.activity),
      ...(record.label ? { title: record.label } : {}),
      start,
      end,
      offset: offsetOf(record.start_datetime) ?? 0,
      externalId: record.id,
      totals: totalsOf({ duration: (end - start) / 1_000, energy_active: record.calories, distance: record.distance }),
      parts: [],
      extra: given({ activity: record.activity, intensity: record.intensity, source: record.source }),
    }
  },
  unused: { day: 'the date of the start' },
})
