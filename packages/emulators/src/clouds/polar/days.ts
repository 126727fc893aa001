/** What belongs to a date: nights and their recharge, activity, heart rate, tests. */
import type { SessionReading, SleepStage } from '@tributary/protocol'
import { localTime } from '../../people/local-time.ts'
import type { Account, Draft } from '../kit/accounts.ts'
import { type Held, type Measured, mean, round, sum } from '../kit/measured.ts'
import { secondsOf } from '../kit/night.ts'
import { isoDuration, isoLocal, isoUtc, unix, wallClock } from '../kit/times.ts'

const hypnogram: Readonly<Partial<Record<SleepStage, number>>> = { awake: 0, rem: 1, light: 3, deep: 4 }

export function* daysOf(account: Account): Iterable<Draft> {
  const { measured } = account
  for (const held of measured.sessions('sleep')) {
    if (held.reading.isNap) continue // Polar tells nights only
    yield nightOf(held, measured)
    yield rechargeOf(held, measured)
  }
  for (const date of measured.sumByDate('steps').keys()) yield activityOf(measured, date)
  yield* heartRatesOf(measured)
  yield* testsOf(measured)
  for (const [date, { value }] of measured.daysOf('skin_temperature_deviation')) {
    const body = {
      sleep_date: date,
      sleep_time_skin_temperature_celsius: round(34.9 + value, 1),
      deviation_from_baseline_celsius: value,
    }
    yield { feed: 'skintemperature', id: date, at: midnight(measured, date), date, body }
  }
  const weights = measured.column('body_mass')
  const weighed = weights.t.at(-1)
  if (weighed !== undefined) yield physicalOf(measured, weighed, weights.v.at(-1) ?? 0)
}

const midnight = (measured: Measured, date: string) => localTime(measured.timeZone, date, 0)

const clock = (t: number, offset: number) => wallClock(t, offset).slice(11, 16)

/** By `HH:MM`, which says nothing of the day. */
function byClock(measured: Measured, metric: string, from: number, to: number, offset: number, decimals = 0) {
  const { t, v } = measured.between(metric, from, to)
  return Object.fromEntries(t.map((at, i) => [clock(at, offset), round(v[i] ?? 0, decimals)]))
}

const wakeDate = ({ reading }: Held<SessionReading>, offset: number) => wallClock(reading.end, offset).slice(0, 10)

function nightOf(held: Held<SessionReading>, measured: Measured): Draft {
  const { reading, device } = held
  const { start, end, parts } = reading
  const offset = reading.offset ?? measured.offsetAt(end)
  const date = wakeDate(held, offset)
  const stages = parts.filter(({ kind }) => kind === 'stage')
  const breaks = stages.filter(({ label }) => label === 'awake').map((part) => (part.end - part.start) / 1000)
  const short = breaks.filter((seconds) => seconds <= 300)
  const body = {
    date,
    sleep_start_time: isoLocal(start, offset),
    sleep_end_time: isoLocal(end, offset),
    device_id: device.serial,
    continuity: 3.4,
    continuity_class: 4,
    light_sleep: secondsOf(reading, 'light', 'asleep_unspecified'),
    deep_sleep: secondsOf(reading, 'deep'),
    rem_sleep: secondsOf(reading, 'rem'),
    unrecognized_sleep_stage: secondsOf(reading, 'unknown'),
    total_interruption_duration: sum(breaks),
    short_interruption_duration: sum(short),
    long_interruption_duration: sum(breaks) - sum(short),
    sleep_score: measured.day('sleep_score', date) ?? 0, // not computed
    sleep_charge: 3,
    sleep_goal: 28_800,
    sleep_cycles: Math.round((end - start) / 5_400_000),
    hypnogram: Object.fromEntries(
      stages.map((part) => [clock(part.start, offset), hypnogram[part.label as SleepStage] ?? 5]),
    ),
    heart_rate_samples: byClock(measured, 'heart_rate', start, end, offset),
  }
  return { feed: 'sleep', id: `sleep/${date}`, at: start, end, date, body }
}

/** Of four hours, from half an hour after falling asleep: not of the whole night. */
function rechargeOf(held: Held<SessionReading>, measured: Measured): Draft {
  const { start, end } = held.reading
  const offset = held.reading.offset ?? measured.offsetAt(end)
  const date = wakeDate(held, offset)
  const from = start + 1_800_000
  const to = Math.min(end, from + 4 * 3_600_000)
  const average = (metric: string) => {
    const { v } = measured.between(metric, from, to)
    return v.length ? mean(v) : 0
  }
  const heart = average('heart_rate')
  const body = {
    date,
    heart_rate_avg: Math.round(heart),
    beat_to_beat_avg: heart ? Math.round(60_000 / heart) : 0,
    heart_rate_variability_avg: Math.round(average('hrv_rmssd')),
    breathing_rate_avg: round(average('respiratory_rate'), 1),
    nightly_recharge_status: 4,
    ans_charge: 2.3,
    ans_charge_status: 4,
    hrv_samples: byClock(measured, 'hrv_rmssd', from, to, offset),
    breathing_samples: byClock(measured, 'respiratory_rate', from, to, offset, 1),
  }
  return { feed: 'recharge', id: `recharge/${date}`, at: start, end, date, body }
}

function activityOf(measured: Measured, date: string): Draft {
  const from = midnight(measured, date)
  const to = localTime(measured.timeZone, date, 1_440)
  const offset = measured.offsetAt(from)
  const steps = measured.between('steps', from, to)
  const total = (metric: string) => sum(measured.between(metric, from, to).v)
  const active = steps.v.filter((count) => count > 20).length * 60_000
  const stamp = (t: number) => wallClock(t, offset).slice(0, 16)
  const body = {
    start_time: `${date}T00:00:00`,
    end_time: `${date}T23:59:59`,
    active_duration: isoDuration(active),
    inactive_duration: isoDuration(36_000_000 - Math.min(active, 36_000_000)),
    daily_activity: round(Math.min(200, active / 60_000), 1),
    calories: Math.round(total('energy_active') + total('energy_basal')),
    active_calories: Math.round(total('energy_active')),
    steps: Math.round(sum(steps.v)),
    inactivity_alert_count: 1,
    distance_from_steps: round(total('distance_walking_running'), 1),
    samples: {
      date,
      steps: {
        interval_ms: 60_000,
        total_steps: Math.round(sum(steps.v)),
        samples: steps.t.map((t, i) => ({ steps: Math.round(steps.v[i] ?? 0), timestamp: stamp(t) })),
      },
      activity_zones: { samples: steps.t.slice(0, 1).map((t) => ({ zone: 'LIGHT', timestamp: `${stamp(t)}:00` })) },
      inactivity_stamps: { samples: [] },
    },
  }
  return { feed: 'activity', id: `activity/${date}`, at: from, end: to, date, body }
}

/** Every five minutes. */
function* heartRatesOf(measured: Measured): Iterable<Draft> {
  const { t, v } = measured.column('heart_rate')
  const byDate = new Map<string, { heart_rate: number; sample_time: string }[]>()
  let next = Number.NEGATIVE_INFINITY
  for (const [i, at] of t.entries()) {
    if (at < next) continue
    next = (Math.floor(at / 300_000) + 1) * 300_000
    const wall = wallClock(at, measured.offsetAt(at))
    const samples = byDate.get(wall.slice(0, 10)) ?? []
    byDate.set(wall.slice(0, 10), samples)
    samples.push({ heart_rate: Math.round(v[i] ?? 0), sample_time: wall.slice(11) })
  }
  for (const [date, heart_rate_samples] of byDate)
    yield { feed: 'heart', id: `heart/${date}`, at: midnight(measured, date), date, body: { date, heart_rate_samples } }
}

/** Blood oxygen is measured by day, when the person asks for it. */
function* testsOf(measured: Measured): Iterable<Draft> {
  const { t, v } = measured.column('spo2')
  const nights = measured.sessions('sleep')
  for (const [i, at] of t.entries()) {
    if (nights.some(({ reading }) => reading.start <= at && at < reading.end)) continue
    const body = {
      source_device_id: null,
      test_time: unix(at),
      time_zone_offset: measured.offsetAt(at),
      test_status: 'SPO2_TEST_PASSED',
      blood_oxygen_percent: Math.round(v[i] ?? 0),
      average_heart_rate_bpm: 58,
      heart_rate_variability_ms: 61,
      altitude_meters: 22,
    }
    yield { feed: 'spo2', id: `spo2/${at}`, at, date: measured.dateOf(at), body }
  }
}

function physicalOf(measured: Measured, t: number, weight: number): Draft {
  const vo2max = measured.column('vo2max').v.at(-1)
  const body = {
    weight: round(weight, 1),
    height: 178,
    maximum_heart_rate: 188,
    resting_heart_rate: [...measured.daysOf('resting_heart_rate').values()].at(-1)?.value ?? 48,
    vo2_max: Math.round(vo2max ?? 54),
    aerobic_threshold: 138,
    anaerobic_threshold: 168,
    weight_source: 'SOURCE_USER',
    sleep_goal: 'PT8H',
    modified: isoUtc(t).replace('.000', ''),
  }
  return { feed: 'physical', id: 'physical', at: t, body }
}
