/** What is told for a date: scores, and a day's activity from four in the morning to four. */
import { addDays, localDate, localTime } from '../../people/local-time.ts'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { type Measured, mean, round, sum } from '../kit/measured.ts'
import { isoLocal } from '../kit/times.ts'

const minuteMs = 60_000
const activityFrom = 4 * 60

interface Day {
  date: string
  /** Four in the morning, by local time and as it is written. */
  at: number
  timestamp: string
}

function dayOf(measured: Measured, date: string): Day {
  const at = localTime(measured.timeZone, date, activityFrom)
  return { date, at, timestamp: isoLocal(at, measured.offsetAt(at)) }
}

export function* dailiesOf(ids: Ids, account: Account): Iterable<Draft> {
  const { measured } = account
  const make = (feed: string, date: string, body: (day: Day) => Record<string, unknown>): Draft => {
    const id = ids.uuid(feed, account.email, date)
    const day = dayOf(measured, date)
    return { feed, id, at: day.at, date, body: { id, day: date, ...body(day) } }
  }
  for (const [date, { value }] of measured.daysOf('sleep_score'))
    yield make('daily_sleep', date, ({ timestamp }) => ({
      score: Math.round(value),
      contributors: {
        deep_sleep: 70,
        efficiency: 88,
        latency: 80,
        rem_sleep: 75,
        restfulness: 72,
        timing: 90,
        total_sleep: 78,
      },
      timestamp,
    }))
  // The page states no fields of advised bedtimes; nobody here rests or tags anything.
  for (const [date] of measured.daysOf('sleep_score')) yield make('sleep_time', date, () => ({}))
  for (const [date, { value }] of measured.daysOf('readiness_score'))
    yield make('daily_readiness', date, ({ timestamp }) => ({
      score: Math.round(value),
      temperature_deviation: measured.day('skin_temperature_deviation', date) ?? null,
      temperature_trend_deviation: 0.05,
      contributors: { hrv_balance: 88, resting_heart_rate: 80 },
      timestamp,
    }))
  for (const date of activityDates(measured)) yield make('daily_activity', date, (day) => activityOf(measured, day))
  for (const night of measured.sessions('sleep')) {
    const { start, end, isNap } = night.reading
    const { v } = measured.between('spo2', start, end)
    if (v.length && !isNap)
      yield make('daily_spo2', measured.dateOf(end), () => ({
        spo2_percentage: { average: round(mean(v), 2) },
        breathing_disturbance_index: Math.round(100 - mean(v)),
      }))
  }
  const stress = measured.column('stress_score')
  for (const date of new Set(stress.t.map((t) => measured.dateOf(t)))) {
    const levels = stress.v.filter((_, i) => measured.dateOf(stress.t[i] ?? 0) === date)
    const seconds = (is: (level: number) => boolean) => levels.filter(is).length * 180
    yield make('daily_stress', date, () => ({
      stress_high: seconds((level) => level > 60),
      recovery_high: seconds((level) => level < 15),
      day_summary: mean(levels) > 45 ? 'stressful' : 'normal',
    }))
    yield make('daily_resilience', date, () => ({
      level: 'solid',
      contributors: { sleep_recovery: 71.5, daytime_recovery: 48, stress: round(100 - mean(levels), 1) },
    }))
  }
  for (const [date, { value }] of measured.daysOf('vascular_age'))
    yield make('daily_cardiovascular_age', date, () => ({ vascular_age: value, pulse_wave_velocity: 6.8 }))
  const vo2max = measured.column('vo2max')
  for (const [i, t] of vo2max.t.entries())
    yield make('vO2_max', measured.dateOf(t), ({ timestamp }) => ({ vo2_max: round(vo2max.v[i] ?? 0, 1), timestamp }))
}

/** Dates whose activity day has steps or energy in it. */
function activityDates(measured: Measured): Set<string> {
  const times = [...measured.column('steps').t, ...measured.column('energy_active').t]
  return new Set(times.map((t) => localDate(measured.timeZone, t - activityFrom * minuteMs)))
}

const classes = { rest: '1', still: '2', low: '3', medium: '4', high: '5' } as const

function activityOf(measured: Measured, { date, at, timestamp }: Day): Record<string, unknown> {
  const end = localTime(measured.timeZone, addDays(date, 1), activityFrom)
  const total = (metric: string) => sum(measured.between(metric, at, end).v)
  const active = total('energy_active')
  const mets = metsOf(measured, at, Math.min(end, lastMinuteOf(measured) + minuteMs))
  const minutes = (least: number, most: number) => mets.filter((met) => met >= least && met < most).length * 60
  const walked = Math.round(total('distance_walking_running'))
  return {
    score: Math.min(100, 50 + Math.round(active / 12)),
    steps: Math.round(total('steps')),
    active_calories: Math.round(active),
    total_calories: Math.round(active + total('energy_basal')),
    equivalent_walking_distance: walked,
    average_met_minutes: round(mean(mets), 2),
    low_activity_time: minutes(1.5, 3),
    medium_activity_time: minutes(3, 6),
    high_activity_time: minutes(6, Number.POSITIVE_INFINITY),
    sedentary_time: minutes(1, 1.5),
    resting_time: minutes(0, 1),
    non_wear_time: 0,
    inactivity_alerts: 1,
    target_calories: 500,
    target_meters: 9_000,
    meters_to_target: Math.max(0, 9_000 - walked),
    met: { interval: 60, items: mets, timestamp: timestamp.replace(/(?=[+-]\d\d:\d\d$)/, '.000') },
    class_5_min: classesOf(mets),
    contributors: { stay_active: 71 },
    timestamp,
  }
}

/** A day that is not over yet has minutes up to the last one that was measured. */
function lastMinuteOf(measured: Measured): number {
  const last = ['heart_rate', 'steps', 'energy_active'].map((metric) => measured.column(metric).t.at(-1) ?? 0)
  return Math.floor(Math.max(...last) / minuteMs) * minuteMs
}

/** Of every minute: 0.9 when nothing moves, more by what was spent. */
function metsOf(measured: Measured, from: number, to: number): number[] {
  const mets = Array.from({ length: Math.round((to - from) / minuteMs) }, () => 0.9)
  const { t, v } = measured.between('energy_active', from, to)
  for (const [i, at] of t.entries()) mets[Math.floor((at - from) / minuteMs)] = round(1 + (v[i] ?? 0) / 1.2, 1)
  return mets
}

function classesOf(mets: readonly number[]): string {
  return Array.from({ length: Math.floor(mets.length / 5) }, (_, i) => {
    const met = mean(mets.slice(i * 5, i * 5 + 5))
    if (met < 1) return classes.rest
    if (met < 1.5) return classes.still
    return met < 3 ? classes.low : met < 6 ? classes.medium : classes.high
  }).join('')
}
