import { durationSeconds } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { daysOf, seriesOf } from '../kit/tell.ts'
import { clockOfDay } from './clock.ts'
import { datesOf, listOf, oneOf } from './lists.ts'

const number = z.number().nullish()

const Day = z.object({
  start_time: z.string().regex(/^\d{4}-\d\d-\d\d/),
  active_duration: z.string().nullish(),
  calories: number,
  active_calories: number,
  steps: number,
  distance_from_steps: number,
  samples: z
    .object({
      steps: z
        .object({ interval_ms: z.number(), samples: z.array(z.object({ steps: z.number(), timestamp: z.string() })) })
        .nullish(),
    })
    .nullish(),
})

const parts = { steps: true, activity_zones: true }

export const activity = defineFeed<z.infer<typeof Day>>({
  title: { en: 'Activity of the day', de: 'Aktivität des Tages', fr: 'Activité du jour' },
  brings: ['steps', 'energy_active', 'energy_total', 'distance', 'active_duration'],
  windowDays: 27, // 28 with the day before
  lookBackDays: 3, // a later upload overwrites earlier days
  historyDays: 364,
  fetch: (http, window, { now }) => listOf(http, '/users/activities', { ...datesOf(window, now), ...parts }),
  fetchOne: (http, date) => oneOf(http, `/users/activities/${encodeURIComponent(date)}`, parts),
  raw: Day,
  *read(day, { timeZone }): Generator<Told> {
    yield* daysOf(day.start_time.slice(0, 10), [
      ['steps', day.steps],
      ['energy_active', day.active_calories],
      ['energy_total', day.calories], // with what the body needs at rest
      ['distance', day.distance_from_steps],
      ['active_duration', day.active_duration ? durationSeconds(day.active_duration) : undefined],
    ])
    const steps = day.samples?.steps
    if (!steps) return
    const clock = clockOfDay(wallOf(`${day.start_time.slice(0, 10)}T00:00`), timeZone)
    const points = steps.samples.map(({ steps, timestamp }) => [clock(wallOf(timestamp)), steps] as const)
    for (const series of seriesOf('steps', points)) {
      series.durations = new Float64Array(points.length).fill(steps.interval_ms)
      yield series
    }
  },
  unused: {
    end_time: 'the end of the day',
    inactive_duration: 'no metric of ours: it may hold the night',
    daily_activity: 'per cent of an aim',
    inactivity_alert_count: 'reminders, not the body',
    'samples.date': 'the day itself',
    'samples.steps.total_steps': 'the day says it',
    'samples.activity_zones': 'zones of Polar’s own',
  },
})

const wallOf = (timestamp: string): number => Date.parse(`${timestamp.replace(/Z$/, '')}Z`)
