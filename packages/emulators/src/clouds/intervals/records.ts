/** Activities and one wellness record a day, as Intervals.icu spells them. */
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { mean, round } from '../kit/measured.ts'
import { secondsOf } from '../kit/night.ts'
import { isoUtc, wallClock } from '../kit/times.ts'

/** With a leading letter, as every id here. */
export const idOf = (ids: Ids, key: string): string => `i${ids.integer(8, 'activity', key)}`

const types: Readonly<Record<string, string>> = {
  running: 'Run',
  running_trail: 'TrailRun',
  walking: 'Walk',
  hiking: 'Hike',
  cycling: 'Ride',
  cycling_mountain: 'MountainBikeRide',
  swimming_pool: 'Swim',
  strength: 'WeightTraining',
  yoga: 'Yoga',
  rowing: 'Rowing',
}

export const typeOf = (activity = ''): string => types[activity] ?? 'Workout'

export function* recordsOf(ids: Ids, account: Account): Iterable<Draft> {
  yield* activitiesOf(ids, account)
  yield* wellnessOf(account)
}

function* activitiesOf(ids: Ids, { measured }: Account): Iterable<Draft> {
  for (const { reading, key, device } of measured.sessions('workout')) {
    const { start, end, totals, title, activity, extra = {} } = reading
    if (extra['planned'] === true) continue
    const id = idOf(ids, key)
    const start_date_local = wallClock(start, reading.offset ?? measured.offsetAt(start))
    const whole = (name: string) => {
      const v = totals[name]
      return v === undefined ? null : Math.round(v)
    }
    const source = String(extra['source'] ?? 'GARMIN_CONNECT')
    const cadence = totals['cadence_steps_avg'] === undefined ? totals['cadence_avg'] : totals['cadence_steps_avg'] / 2
    const full = {
      id,
      start_date_local,
      start_date: `${wallClock(start, 0)}Z`,
      type: typeOf(activity),
      name: title ?? 'Workout',
      distance: totals['distance'] ?? null,
      moving_time: whole('active_duration'),
      elapsed_time: Math.round((end - start) / 1000),
      total_elevation_gain: totals['elevation_gain'] ?? null,
      average_heartrate: whole('heart_rate_avg'),
      max_heartrate: whole('heart_rate_max'),
      average_cadence: cadence ?? null,
      calories: whole('energy_active'),
      icu_training_load: whole('training_load'),
      source,
      device_name: device.name,
      external_id: String(ids.integer(8, 'external', key)),
    }
    // Strava does not let it pass anything on.
    const hidden = { id, start_date_local, source, _note: 'STRAVA activities are not available via the API' }
    yield {
      feed: 'activity',
      id,
      at: start,
      end,
      date: start_date_local.slice(0, 10),
      body: source === 'STRAVA' ? hidden : full,
    }
  }
}

function* wellnessOf({ measured }: Account): Iterable<Draft> {
  const nights = new Map(
    measured
      .sessions('sleep')
      .filter(({ reading }) => !reading.isNap)
      .map(({ reading }) => [measured.dateOf(reading.end), reading]),
  )
  const steps = measured.sumByDate('steps')
  const lastOf = (metric: string) => {
    const { t, v } = measured.column(metric)
    return new Map(t.map((at, i) => [measured.dateOf(at), v[i]]))
  }
  const [weight, fat, glucose, fitness] = ['body_mass', 'body_fat', 'blood_glucose', 'vo2max'].map(lastOf)
  const pressures = new Map(
    measured.events('blood_pressure').map(({ reading }) => [measured.dateOf(reading.start), reading.value]),
  )
  const resting = measured.daysOf('resting_heart_rate')
  for (const id of new Set([
    ...nights.keys(),
    ...steps.keys(),
    ...(weight?.keys() ?? []),
    ...pressures.keys(),
    ...resting.keys(),
  ])) {
    const night = nights.get(id)
    const of = (metric: string, decimals = 0) => {
      const v = night ? measured.between(metric, night.start, night.end).v : []
      return v.length ? round(mean(v), decimals) : null
    }
    const at = Date.parse(`${id}T00:00:00Z`)
    const body = {
      id,
      weight: weight?.get(id) ?? null,
      restingHR: resting.get(id)?.value ?? null,
      hrv: of('hrv_rmssd', 1),
      hrvSDNN: of('hrv_sdnn', 1),
      sleepSecs: night ? secondsOf(night, 'light', 'deep', 'rem', 'asleep_unspecified') : null,
      sleepScore: measured.day('sleep_score', id) ?? null,
      sleepQuality: night ? 2 : null,
      avgSleepingHR: of('heart_rate'),
      spO2: of('spo2', 1),
      systolic: pressures.get(id)?.['systolic'] ?? null,
      diastolic: pressures.get(id)?.['diastolic'] ?? null,
      bloodGlucose: glucose?.get(id) ?? null,
      bodyFat: fat?.get(id) ?? null,
      vo2max: fitness?.get(id) ?? null,
      steps: steps.has(id) ? Math.round(steps.get(id) ?? 0) : null,
      respiration: of('respiratory_rate', 1),
      // As the person says it, from 1 to 4.
      stress: night ? 2 : null,
      fatigue: night ? 2 : null,
      soreness: night ? 1 : null,
      mood: night ? 3 : null,
    }
    yield { feed: 'wellness', id, at, end: night?.end ?? at + 86_400_000, date: id, body }
  }
}

export const updated = (t: number): string => `${isoUtc(t).slice(0, 19)}Z`
