/** Workouts, and the samples of day and night, as Suunto spells them. Energy of a workout is kcal, of a day joules. */
import type { SessionReading } from '@tributary/protocol'
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { type Held, mean, round, sum } from '../kit/measured.ts'
import { latencyOf, secondsOf } from '../kit/night.ts'
import { isoLocal, unix } from '../kit/times.ts'

const stepMs = 600_000
const joules = 4_184

export const keyOf = (ids: Ids, key: string): string => ids.hex(24, 'workout', key)

export function* recordsOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const held of account.measured.sessions('workout')) yield workoutOf(ids, held, account)
  for (const held of account.measured.sessions('sleep')) yield sleepOf(held, account)
  yield* activityOf(account)
  yield* recoveryOf(account)
}

/** Some devices write beats in a second: an account's trait `hertz`. */
const beats = ({ traits }: Account, v: number | undefined) =>
  v === undefined || !traits.has('hertz') ? v : round(v / 60, 3)

/** Of a hundred, as a share, or as per cent by some devices: an account's trait `percent`. */
const share = ({ traits }: Account, v: number) => (traits.has('percent') ? v : round(v / 100, 4))

/** Time stamps of samples, with thousandths and offset. */
const stamp = ({ measured }: Account, t: number): string => {
  const text = isoLocal(t, measured.offsetAt(t))
  return `${text.slice(0, 19)}.000${text.slice(19)}`
}

const activityIds: Readonly<Record<string, number>> = {
  walking: 0,
  running: 1,
  cycling: 2,
  skiing_cross_country: 3,
  cycling_mountain: 10,
  hiking: 11,
  swimming_pool: 21,
  running_trail: 22,
  strength: 23,
  swimming_open_water: 83,
}

function workoutOf(ids: Ids, { reading, key, device }: Held<SessionReading>, account: Account): Draft {
  const { start, end, activity = '', totals, track, extra = {} } = reading
  const workoutKey = keyOf(ids, key)
  const [avg, most] = [beats(account, totals['heart_rate_avg']), beats(account, totals['heart_rate_max'])]
  const body = {
    workoutId: ids.integer(7, 'workout number', key),
    workoutKey,
    username: account.id,
    activityId: extra['activityId'] ?? activityIds[activity] ?? 19,
    startTime: start,
    ...(extra['no_stop'] === true ? {} : { stopTime: end }),
    totalTime: totals['active_duration'] ?? (end - start) / 1000,
    totalDistance: totals['distance'] ?? 0,
    totalAscent: totals['elevation_gain'] ?? 0,
    totalDescent: totals['elevation_loss'] ?? 0,
    avgSpeed: totals['speed_avg'] ?? 0,
    maxSpeed: totals['speed_max'] ?? 0,
    energyConsumption: totals['energy_active'] ?? 0,
    stepCount: totals['steps'] ?? 0,
    recoveryTime: 64_800,
    timeOffsetInMinutes: reading.offset ?? account.measured.offsetAt(start),
    ...(track ? { startPosition: { x: track.lon[0], y: track.lat[0] } } : {}),
    // `max` is what the person set as their greatest, and not what was reached.
    hrdata: {
      workoutAvgHR: avg,
      workoutMaxHR: most,
      avg,
      hrmax: most,
      max: 190,
      userMaxHR: 190,
      min: beats(account, 92),
    },
    cadence: { avg: (totals['cadence_steps_avg'] ?? 0) / 2, max: (totals['cadence_steps_avg'] ?? 0) / 2 },
    gear: {
      manufacturer: 'Suunto',
      name: device.name,
      displayName: device.name,
      serialNumber: device.serial,
      softwareVersion: '2.39.20',
    },
  }
  return { feed: 'workout', id: workoutKey, at: start, end, body }
}

function sleepOf({ reading }: Held<SessionReading>, account: Account): Draft {
  const { measured } = account
  const { start, end, isNap = false } = reading
  const of = (metric: string) => measured.between(metric, start, end).v
  const [heart, hrv, oxygen] = ['heart_rate', 'hrv_rmssd', 'spo2'].map(of)
  const SleepId = unix(start)
  const entryData = {
    DateTime: stamp(account, end),
    SleepId,
    BedtimeStart: stamp(account, start),
    BedtimeEnd: stamp(account, end),
    Duration: Math.round((end - start) / 1000),
    DeepSleepDuration: secondsOf(reading, 'deep'),
    LightSleepDuration: secondsOf(reading, 'light', 'asleep_unspecified'),
    REMSleepDuration: secondsOf(reading, 'rem'),
    SleepOnsetLatencyDuration: latencyOf(reading),
    WakeAfterSleepOnsetDuration: secondsOf(reading, 'awake') - latencyOf(reading),
    WakeBeforeOffBedDuration: 0,
    ...(heart?.length
      ? { HRAvg: beats(account, Math.round(mean(heart))), HRMin: beats(account, Math.min(...heart)) }
      : {}),
    ...(hrv?.length ? { AvgHRV: Math.round(mean(hrv)), AvgHRVSampleCount: hrv.length } : {}),
    ...(oxygen?.length ? { MaxSpo2: share(account, Math.max(...oxygen)) } : {}),
    SleepQualityScore: measured.day('sleep_score', measured.dateOf(end)) ?? 70,
    IsNap: isNap,
    Feeling: 3,
  }
  return { feed: 'sleep', id: String(SleepId), at: end, body: { timestamp: stamp(account, end), entryData } }
}

/** Every ten minutes what was measured in them. */
function* activityOf(account: Account): Iterable<Draft> {
  const { measured } = account
  const metrics = ['heart_rate', 'steps', 'energy_active', 'hrv_rmssd', 'spo2', 'elevation'] as const
  const slots = new Set(
    metrics.flatMap((metric) => measured.column(metric).t.map((t) => Math.floor(t / stepMs) * stepMs)),
  )
  for (const at of slots) {
    const of = (metric: (typeof metrics)[number]) => measured.between(metric, at, at + stepMs).v
    const [heart, steps, energy, hrv, oxygen, height] = [
      of('heart_rate'),
      of('steps'),
      of('energy_active'),
      of('hrv_rmssd'),
      of('spo2'),
      of('elevation'),
    ]
    const entryData = {
      ...(heart.length
        ? {
            HR: beats(account, Math.round(mean(heart))),
            HRExt: { Min: beats(account, Math.min(...heart)), Max: beats(account, Math.max(...heart)) },
          }
        : {}),
      ...(steps.length ? { StepCount: Math.round(sum(steps)) } : {}),
      ...(energy.length ? { EnergyConsumption: Math.round(sum(energy) * joules) } : {}),
      ...(hrv.length ? { HRV: Math.round(mean(hrv)) } : {}),
      ...(height.length ? { Altitude: round(mean(height), 1) } : {}),
      ...(oxygen.length ? { SpO2: share(account, mean(oxygen)) } : {}),
    }
    yield { feed: 'activity', id: String(at), at, body: { timestamp: stamp(account, at), entryData } }
  }
}

function* recoveryOf(account: Account): Iterable<Draft> {
  const { t, v } = account.measured.column('energy_reserve')
  for (const [i, at] of t.entries()) {
    const stress = account.measured.lastBefore('stress_score', at)?.v
    const StressState = stress === undefined ? 0 : stress < 26 ? 1 : stress < 51 ? 3 : stress < 76 ? 2 : 4
    const entryData = { Balance: share(account, v[i] ?? 0), StressState }
    yield { feed: 'recovery', id: String(at), at, body: { timestamp: stamp(account, at), entryData } }
  }
}
