/** Cycles from one night to the next, the nights and naps in them, their recoveries, and workouts. */
import type { SessionReading, SleepStage } from '@tributary/protocol'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { type Held, type Measured, mean, round, sum } from '../kit/measured.ts'
import { secondsOf, wakingsOf } from '../kit/night.ts'
import { isoUtc, offsetText } from '../kit/times.ts'

const heartRateMax = 191
const kilojoules = 4.184

/** A cycle is open until the next night begins. */
interface Cycle {
  id: number
  from: number
  to: number | undefined
  night: Held<SessionReading>
}

export function* recordsOf(ids: Ids, account: Account): Iterable<Draft> {
  const { measured } = account
  const user_id = Number(account.id)
  const cycles = cyclesOf(ids, measured)
  for (const cycle of cycles) yield cycleOf(cycle, measured, user_id)
  for (const held of measured.sessions('sleep')) {
    const cycle = cycles.findLast(({ from }) => from <= held.reading.start)
    if (!cycle) continue // a nap before the first night belongs to a day that WHOOP never saw
    const id = ids.uuid('sleep', held.key)
    yield sleepOf(id, held, cycle.id, measured, user_id)
    if (cycle.night === held && isScorable(held)) yield recoveryOf(id, held, cycle.id, measured, user_id)
  }
  for (const held of measured.sessions('workout'))
    yield workoutOf(ids.uuid('workout', held.key), held, measured, user_id)
}

function cyclesOf(ids: Ids, measured: Measured): Cycle[] {
  const nights = measured.sessions('sleep').filter(({ reading }) => !reading.isNap)
  return nights.map((night, i) => ({
    id: ids.integer(9, 'cycle', night.key),
    from: night.reading.start - 357_500, // it begins some minutes before sleep does
    to: nights[i + 1] && (nights[i + 1]?.reading.start ?? 0) - 357_500,
    night,
  }))
}

const isScorable = ({ reading }: Held<SessionReading>) => reading.extra?.['unscorable'] !== true

/** `Z` where there is none. */
const zoneOf = (minutes: number) => (minutes ? offsetText(minutes) : 'Z')

const offsetOf = ({ offset, start }: SessionReading, measured: Measured) => zoneOf(offset ?? measured.offsetAt(start))

/** 0–21, growing ever slower. */
const strainOf = (load: number) => round(21 * (1 - Math.exp(-load / 900)), 2)

function heartOf(measured: Measured, from: number, to: number) {
  const { v } = measured.between('heart_rate', from, to)
  const load = sum(v.map((beats) => Math.max(0, beats - 90) / 30))
  return {
    strain: strainOf(load),
    average_heart_rate: v.length ? Math.round(mean(v)) : 0,
    max_heart_rate: v.length ? Math.round(Math.max(...v)) : 0,
  }
}

function cycleOf({ id, from, to, night }: Cycle, measured: Measured, user_id: number): Draft {
  const end = to ?? Number.MAX_SAFE_INTEGER
  const energy = ['energy_active', 'energy_basal'].map((metric) => sum(measured.between(metric, from, end).v))
  const body = {
    id,
    user_id,
    start: isoUtc(from),
    ...(to === undefined ? {} : { end: isoUtc(to) }),
    timezone_offset: offsetOf(night.reading, measured),
    score_state: 'SCORED',
    score: { ...heartOf(measured, from, end), kilojoule: round(sum(energy) * kilojoules, 1) },
  }
  return { feed: 'cycle', id: String(id), at: from, end: to ?? from, body }
}

function sleepOf(id: string, held: Held<SessionReading>, cycle_id: number, measured: Measured, user_id: number): Draft {
  const { reading } = held
  const { start, end, isNap = false } = reading
  const date = measured.dateOf(end)
  const ms = (...stages: readonly SleepStage[]) => secondsOf(reading, ...stages) * 1000
  const breath = measured.between('respiratory_rate', start, end).v
  const inBed = end - start
  const [light, deep, rem] = [ms('light', 'asleep_unspecified'), ms('deep'), ms('rem')]
  const score = {
    stage_summary: {
      total_in_bed_time_milli: inBed,
      total_awake_time_milli: ms('awake', 'out_of_bed'),
      total_no_data_time_milli: ms('unknown'),
      total_light_sleep_time_milli: light,
      total_slow_wave_sleep_time_milli: deep,
      total_rem_sleep_time_milli: rem,
      sleep_cycle_count: Math.round(inBed / 5_400_000),
      disturbance_count: wakingsOf(reading),
    },
    sleep_needed: {
      baseline_milli: 27_600_000,
      need_from_sleep_debt_milli: 900_000,
      need_from_recent_strain_milli: 420_000,
      need_from_recent_nap_milli: 0,
    },
    ...(breath.length ? { respiratory_rate: round(mean(breath), 1) } : {}),
    sleep_performance_percentage:
      measured.day('sleep_score', date) ?? Math.min(100, Math.round((light + deep + rem) / 276_000)),
    sleep_consistency_percentage: 77,
    sleep_efficiency_percentage: round((100 * (light + deep + rem)) / inBed, 1),
  }
  const body = {
    id,
    cycle_id,
    user_id,
    start: isoUtc(start),
    end: isoUtc(end),
    timezone_offset: offsetOf(reading, measured),
    nap: isNap,
    ...(isScorable(held) ? { score_state: 'SCORED', score } : { score_state: 'UNSCORABLE' }),
  }
  return { feed: 'sleep', id, at: start, end, body }
}

function recoveryOf(
  sleep_id: string,
  { reading, device }: Held<SessionReading>,
  cycle_id: number,
  measured: Measured,
  user_id: number,
): Draft {
  const { start, end } = reading
  const date = measured.dateOf(end)
  const hrv = measured.between('hrv_rmssd', start, end).v
  const oxygen = measured.between('spo2', start, end).v
  const heart = measured.between('heart_rate', start, end).v
  const warmth = measured.day('skin_temperature_deviation', date)
  const hasSensors = device.model !== '3.0'
  const score = {
    user_calibrating: false,
    recovery_score: measured.day('readiness_score', date) ?? 60,
    resting_heart_rate: measured.day('resting_heart_rate', date) ?? (heart.length ? Math.min(...heart) : 0),
    hrv_rmssd_milli: hrv.length ? round(mean(hrv), 3) : 0,
    ...(hasSensors && oxygen.length ? { spo2_percentage: round(mean(oxygen), 1) } : {}),
    ...(hasSensors && warmth !== undefined ? { skin_temp_celsius: round(33.5 + warmth, 2) } : {}),
  }
  const body = { cycle_id, sleep_id, user_id, score_state: 'SCORED', score }
  return { feed: 'recovery', id: sleep_id, at: start, end, body }
}

const sports: Readonly<Record<string, string>> = {
  running: 'running',
  running_trail: 'running',
  cycling: 'cycling',
  swimming_pool: 'swimming',
  strength: 'weightlifting',
  walking: 'walking',
  hiking: 'hiking-rucking',
  yoga: 'yoga',
  sauna: 'sauna',
}

/** Shares of the greatest heart rate where each zone ends. */
const zones = [
  ['zone_zero_milli', 0.5],
  ['zone_one_milli', 0.6],
  ['zone_two_milli', 0.7],
  ['zone_three_milli', 0.8],
  ['zone_four_milli', 0.9],
  ['zone_five_milli', 9],
] as const

function workoutOf(id: string, held: Held<SessionReading>, measured: Measured, user_id: number): Draft {
  const { reading } = held
  const { start, end, totals, activity = '', track } = reading
  const heart = measured.between('heart_rate', start, end).v
  const told = heartOf(measured, start, end)
  const step = heart.length ? (end - start) / heart.length : 0
  let least = 0
  const zone_durations = Object.fromEntries(
    zones.map(([name, share]) => {
      const most = share * heartRateMax
      const ms = Math.round(heart.filter((beats) => beats >= least && beats < most).length * step)
      least = most
      return [name, ms]
    }),
  )
  const heights = track?.ele ?? []
  const score = {
    strain: told.strain,
    average_heart_rate: Math.round(totals['heart_rate_avg'] ?? told.average_heart_rate),
    max_heart_rate: Math.round(totals['heart_rate_max'] ?? told.max_heart_rate),
    kilojoule: round((totals['energy_active'] ?? 0) * kilojoules, 1),
    percent_recorded: heart.length ? 100 : 0,
    ...(totals['distance'] === undefined ? {} : { distance_meter: round(totals['distance'], 1) }),
    ...(totals['elevation_gain'] === undefined ? {} : { altitude_gain_meter: round(totals['elevation_gain'], 1) }),
    ...(heights.length ? { altitude_change_meter: round((heights.at(-1) ?? 0) - (heights[0] ?? 0), 1) } : {}),
    zone_durations,
  }
  const body = {
    id,
    user_id,
    start: isoUtc(start),
    end: isoUtc(end),
    timezone_offset: offsetOf(reading, measured),
    sport_name: sports[activity] ?? 'activity',
    ...(isScorable(held) ? { score_state: 'SCORED', score } : { score_state: 'UNSCORABLE' }),
  }
  return { feed: 'workout', id, at: start, end, body }
}
