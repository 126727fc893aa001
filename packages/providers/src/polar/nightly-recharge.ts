/** What a night gave back. Figures are of four hours after falling asleep, not of the whole night. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { daysOf, seriesOf } from '../kit/tell.ts'
import { clockOfDay, msOfClock } from './clock.ts'
import { listOf, oneOf, reaches } from './lists.ts'

const number = z.number().nullish()
const byClock = z.record(z.string(), z.number()).nullish()
const dayMs = 86_400_000

const Recharge = z.object({
  date: z.iso.date(),
  heart_rate_variability_avg: number,
  breathing_rate_avg: number,
  hrv_samples: byClock,
  breathing_samples: byClock,
})

export const nightly_recharge = defineFeed<z.infer<typeof Recharge>>({
  title: { en: 'Nightly recharge', de: 'Erholung der Nacht', fr: 'Récupération nocturne' },
  brings: ['hrv_rmssd', 'respiratory_rate'],
  windowDays: 28,
  lookBackDays: 3,
  historyDays: 28,
  async *fetch(http, window, { now }) {
    if (reaches(window, now, 29)) yield* listOf(http, '/users/nightly-recharge', {}, 'recharges')
  },
  fetchOne: (http, date) => oneOf(http, `/users/nightly-recharge/${encodeURIComponent(date)}`),
  raw: Recharge,
  *read({ date, hrv_samples, breathing_samples, ...recharge }, { timeZone }): Generator<Told> {
    yield* daysOf(date, [
      ['hrv_rmssd', recharge.heart_rate_variability_avg],
      ['respiratory_rate', recharge.breathing_rate_avg],
    ])
    yield* seriesOf('hrv_rmssd', inNight(date, hrv_samples, timeZone))
    yield* seriesOf('respiratory_rate', inNight(date, breathing_samples, timeZone))
  },
  unused: {
    heart_rate_avg: 'a mean of four hours, of a pulse that the sleep tells',
    beat_to_beat_avg: 'the same as heart_rate_avg, as a length',
    nightly_recharge_status: 'a scale of Polar’s own, from 1 to 6',
    ans_charge: 'a scale of Polar’s own, from −10 to 10',
    ans_charge_status: 'a scale of Polar’s own, from 1 to 5',
  },
})

/** Clock times without a date: the afternoon and evening are of the day before waking up. */
function inNight(date: string, byClock: Readonly<Record<string, number>> | null | undefined, timeZone: string) {
  const midnight = Date.parse(date)
  const clock = clockOfDay(midnight, timeZone)
  return Object.entries(byClock ?? {})
    .map(([time, value]): [number, number] => {
      const ms = msOfClock(time)
      return [clock(midnight + ms - (ms >= dayMs / 2 ? dayMs : 0)), value]
    })
    .sort(([a], [b]) => a - b)
}
