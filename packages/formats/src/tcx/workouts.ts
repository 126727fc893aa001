import type { SessionPart, Totals } from '@tributary/protocol'
import {
  type ActivityType,
  activityFromName,
  activityFromTcx,
  isOnFoot,
  lengthFaultOf,
  tableOf,
} from '@tributary/protocol'
import type { Losses } from '../losses.ts'
import type { PointSession } from '../point-session.ts'
import type { TimeCheck } from '../times.ts'
import { readTime } from '../xml/values.ts'
import type { TcxActivity, TcxLap } from './document.ts'

/** 180 km/h. Strava's exports multiply the highest speed by 3600. */
const fastest = 50
const intensities: Record<string, string> = tableOf({ Active: 'active', Resting: 'rest' })

/** Each activity of the document that has a time; one that came twice counts once. */
export function workoutsOf(activities: TcxActivity[], check: TimeCheck, losses: Losses): PointSession[] {
  const seen = new Set<string>()
  return activities.flatMap((activity, index) => {
    const workout = workoutOf(activity, index, check, losses)
    if (!workout) return []
    const key = `${workout.externalId} ${workout.totals['distance']}`
    if (seen.has(key)) {
      losses.warn('duplicate_activity', 'an activity that is in the file twice was read once')
      return []
    }
    seen.add(key)
    return [workout]
  })
}

function workoutOf(activity: TcxActivity, index: number, check: TimeCheck, losses: Losses): PointSession | undefined {
  const { log, sport, id, notes } = activity
  const type = sportOf(sport, notes)
  const laps = activity.laps.map((lap) => timedLap(lap, type, losses))
  const stated = [id, activity.laps[0]?.startTime].map((text) => readTime(text ?? '')?.t)
  const start = stated.find((t) => t !== undefined && !check(t)) ?? log.first
  const end = laps.reduce((latest, lap) => Math.max(lap.end, latest), Math.max(log.last, start))
  const fault = check(start) ?? check(end) ?? lengthFaultOf('workout', start, end)
  if (fault) {
    losses.reject(index, fault.code, fault.detail)
    return undefined
  }
  return {
    log,
    activity: type,
    start: Math.min(start, log.first),
    end,
    title: undefined,
    externalId: `tcx:${new Date(start).toISOString()}:${sport}`,
    totals: sumLaps(laps, losses, log.samples.get('/distance')?.v),
    parts: lapParts(laps),
    extra: { tcx_sport: sport, ...(notes ? { notes } : {}) },
    climbThreshold: 1,
  }
}

/** `Other` covers everything but running and riding; people write the rest into the notes. */
function sportOf(sport: string, notes: string | undefined): ActivityType {
  const type = activityFromTcx(sport)
  if (type !== 'other' || !notes) return type
  const words = notes.slice(0, 200).split(/[^\p{L}]+/u)
  return words.map((word) => activityFromName(word)).find((named) => named !== 'other') ?? type
}

interface TimedLap {
  start: number
  end: number
  totals: Totals
  label: string | undefined
  intensity: string | undefined
}

function timedLap(lap: TcxLap, activity: ActivityType, losses: Losses): TimedLap {
  const start = readTime(lap.startTime ?? '')?.t ?? lap.first
  const seconds = Math.max(lap.totals['active_duration'] ?? 0, 0)
  return {
    start,
    end: Math.max(start + seconds * 1000, lap.last),
    totals: cleanTotals(lap.totals, activity, losses),
    label: lap.trigger?.toLowerCase(),
    intensity: lap.intensity && (intensities[lap.intensity] ?? lap.intensity.toLowerCase()),
  }
}

function cleanTotals(stated: Totals, activity: ActivityType, losses: Losses): Totals {
  const totals = { ...stated }
  const { speed_max: highest, run_cadence_avg: average, run_cadence_max: most } = stated
  if (highest !== undefined && highest > fastest) {
    losses.warn('max_speed_scaled', `a highest speed of ${highest} m/s was taken as ${highest / 3600} m/s`)
    totals['speed_max'] = highest / 3600
    if (highest / 3600 > fastest) delete totals['speed_max']
  }
  if (totals['energy_total'] === 0) delete totals['energy_total']
  for (const name of ['heart_rate_avg', 'heart_rate_max']) if (totals[name] === 0) delete totals[name]
  delete totals['run_cadence_avg']
  delete totals['run_cadence_max']
  if (isOnFoot(activity)) delete totals['cadence_avg']
  if (average !== undefined) totals['cadence_steps_avg'] = average * 2
  if (most !== undefined) totals['cadence_steps_max'] = most * 2
  return totals
}

function lapParts(laps: TimedLap[]): SessionPart[] {
  return laps.flatMap(({ start, end, totals, label, intensity }) => {
    if (!Number.isFinite(start) || !Number.isFinite(end)) return []
    return [{ kind: 'lap', start, end, totals, ...(label ? { label } : {}), ...(intensity ? { intensity } : {}) }]
  })
}

const summed = ['active_duration', 'distance', 'energy_total', 'steps']
const averaged = ['heart_rate_avg', 'cadence_avg', 'cadence_steps_avg', 'power_avg']
const highest = ['heart_rate_max', 'speed_max', 'cadence_max', 'cadence_steps_max', 'power_max']

/** Totals of the workout from its laps: sums, averages weighed by time, and the highest. */
function sumLaps(laps: TimedLap[], losses: Losses, distances: Float64Array | undefined): Totals {
  const totals: Totals = {}
  const stating = (name: string) => laps.filter((lap) => lap.totals[name] !== undefined)
  for (const name of summed) {
    const some = stating(name)
    if (some.length) totals[name] = some.reduce((sum, lap) => sum + (lap.totals[name] ?? 0), 0)
  }
  for (const name of averaged) {
    const mean = weighedMean(stating(name), name)
    if (mean !== undefined) totals[name] = mean
  }
  for (const name of highest) {
    const some = stating(name)
    if (some.length) totals[name] = some.reduce((most, lap) => Math.max(most, lap.totals[name] ?? 0), 0)
  }
  const covered = distances?.length ? (distances.at(-1) ?? 0) - (distances[0] ?? 0) : 0
  if (totals['distance'] !== undefined && covered > totals['distance'] + 1) {
    losses.warn(
      'distance_of_laps_short',
      `the laps sum to ${totals['distance']} m, the points to ${covered} m, which was taken`,
    )
    totals['distance'] = covered
  }
  return totals
}

function weighedMean(laps: TimedLap[], name: string): number | undefined {
  const seconds = laps.reduce((sum, lap) => sum + (lap.totals['active_duration'] ?? 0), 0)
  if (!laps.length) return undefined
  if (seconds <= 0) return laps.reduce((sum, lap) => sum + (lap.totals[name] ?? 0), 0) / laps.length
  return laps.reduce((sum, lap) => sum + (lap.totals[name] ?? 0) * (lap.totals['active_duration'] ?? 0), 0) / seconds
}
