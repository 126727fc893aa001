/** The pulse of a day, asked for day by day; times are the wall clock's. */
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { seriesOf } from '../kit/tell.ts'
import { clockOfDay, msOfClock } from './clock.ts'
import { oneOf } from './lists.ts'

const dayMs = 86_400_000

const Day = z.object({
  date: z.iso.date(),
  heart_rate_samples: z.array(z.object({ heart_rate: z.number(), sample_time: z.string() })),
})

export const continuous_heart_rate = defineFeed<z.infer<typeof Day>>({
  title: { en: 'Heart rate', de: 'Puls', fr: 'Fréquence cardiaque' },
  brings: ['heart_rate'],
  windowDays: 7,
  lookBackDays: 2,
  async *fetch(http, { from, to }, { now }) {
    const last = Math.min(to, now)
    for (let day = from - (from % dayMs); day <= last; day += dayMs)
      yield* oneOf(http, `/users/continuous-heart-rate/${new Date(day).toISOString().slice(0, 10)}`)
  },
  fetchOne: (http, date) => oneOf(http, `/users/continuous-heart-rate/${encodeURIComponent(date)}`),
  raw: Day,
  read({ date, heart_rate_samples }, { timeZone }) {
    const midnight = Date.parse(date)
    const clock = clockOfDay(midnight, timeZone)
    const points = heart_rate_samples.map(
      ({ heart_rate, sample_time }) => [clock(midnight + msOfClock(sample_time)), heart_rate] as const,
    )
    return seriesOf('heart_rate', points)
  },
  unused: {},
})
