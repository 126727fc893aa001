/** Nights and naps, with their figures every five minutes and every half. */
import type { SessionReading, SleepStage } from '@tributary/protocol'
import { addDays } from '../../people/local-time.ts'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { type Held, type Measured, mean, meanOrNull, round } from '../kit/measured.ts'
import { latencyOf, secondsOf, stagesEvery } from '../kit/night.ts'
import { isoLocal } from '../kit/times.ts'

const digits: Readonly<Partial<Record<SleepStage, string>>> = {
  deep: '1',
  light: '2',
  asleep_unspecified: '2',
  rem: '3',
}

const gridMs = 300_000

export function* sleepsOf(ids: Ids, { measured }: Account): Iterable<Draft> {
  for (const held of measured.sessions('sleep')) {
    const { reading, key } = held
    const day = dayOf(reading, measured)
    const id = ids.uuid('sleep', key)
    yield {
      feed: 'sleep',
      id,
      at: reading.start,
      end: reading.end,
      date: day,
      body: { id, day, ...bodyOf(held, measured, day) },
    }
  }
}

const offsetOf = ({ offset, end }: SessionReading, measured: Measured) => offset ?? measured.offsetAt(end)

/** The date of getting up; a nap that ends after 18:00 is the next day's. */
function dayOf(night: SessionReading, measured: Measured): string {
  const wall = new Date(night.end + offsetOf(night, measured) * 60_000)
  const date = wall.toISOString().slice(0, 10)
  return isNap(night) && wall.getUTCHours() >= 18 ? addDays(date, 1) : date
}

const isNap = ({ isNap = false }: SessionReading) => isNap

function typeOf(night: SessionReading, measured: Measured): string {
  const asleep = secondsOf(night, 'light', 'deep', 'rem', 'asleep_unspecified')
  if (night.extra?.['rest'] === true) return 'rest'
  if (asleep > 10_800) return 'long_sleep'
  const hour = new Date(night.end + offsetOf(night, measured) * 60_000).getUTCHours()
  return isNap(night) && hour >= 18 ? 'late_nap' : 'sleep'
}

function bodyOf({ reading }: Held<SessionReading>, measured: Measured, day: string): Record<string, unknown> {
  const { start, end } = reading
  const offset = offsetOf(reading, measured)
  const heart = measured.between('heart_rate', start, end)
  const hrv = measured.between('hrv_rmssd', start, end)
  const breath = measured.between('respiratory_rate', start, end)
  const inBed = Math.round((end - start) / 1000)
  const [light, deep, rem] = [
    secondsOf(reading, 'light', 'asleep_unspecified'),
    secondsOf(reading, 'deep'),
    secondsOf(reading, 'rem'),
  ]
  const asleep = light + deep + rem
  const phases = (every: number) =>
    stagesEvery(reading, every)
      .map((stage) => digits[stage ?? 'awake'] ?? '4')
      .join('')
  const grid = (metric: 'heart_rate' | 'hrv_rmssd') => ({
    interval: 300,
    items: onGrid(measured, metric, start, end),
    timestamp: isoLocal(start, offset).replace(/(?=[+-]\d\d:\d\d$)/, '.000'),
  })
  return {
    type: typeOf(reading, measured),
    period: 0,
    bedtime_start: isoLocal(start, offset),
    bedtime_end: isoLocal(end, offset),
    time_in_bed: inBed,
    total_sleep_duration: asleep,
    awake_time: inBed - asleep,
    latency: latencyOf(reading),
    efficiency: inBed ? Math.round((100 * asleep) / inBed) : 0,
    light_sleep_duration: light,
    deep_sleep_duration: deep,
    rem_sleep_duration: rem,
    restless_periods: 20 + (Math.floor(start / 60_000) % 180),
    average_breath: meanOrNull(breath.v, 1),
    average_heart_rate: meanOrNull(heart.v, 1),
    lowest_heart_rate: heart.v.length ? Math.round(Math.min(...heart.v)) : null,
    average_hrv: meanOrNull(hrv.v),
    heart_rate: grid('heart_rate'),
    hrv: grid('hrv_rmssd'),
    sleep_phase_5_min: phases(gridMs),
    sleep_phase_30_sec: phases(30_000),
    movement_30_sec: stagesEvery(reading, 30_000)
      .map((stage) => (stage === 'awake' ? '2' : '1'))
      .join(''),
    readiness: {
      score: measured.day('readiness_score', day) ?? null,
      temperature_deviation: measured.day('skin_temperature_deviation', day) ?? null,
      temperature_trend_deviation: 0.05,
      contributors: { hrv_balance: 88 },
    },
    readiness_score_delta: 0,
    sleep_score_delta: 0,
    sleep_algorithm_version: 'v2',
    low_battery_alert: false,
  }
}

/** Means of five minutes each; the first is always null, as the ring has just begun, and so is one without a value. */
function onGrid(measured: Measured, metric: string, start: number, end: number): (number | null)[] {
  const steps = Math.ceil((end - start) / gridMs)
  return Array.from({ length: steps }, (_, i) => {
    const { v } = measured.between(metric, start + i * gridMs, start + (i + 1) * gridMs)
    return i && v.length ? round(mean(v), 1) : null
  })
}
