import { type ActivityType, activityFromName, type SessionReading } from '@tributary/protocol'
import { readNumber } from '../archives/read-times.ts'
import type { Row } from './keys.ts'

const names: { readonly [sport: string]: ActivityType } = {
  outdoor_running: 'running',
  indoor_running: 'running_treadmill',
  treadmill: 'running_treadmill',
  trail_running: 'running_trail',
  outdoor_walking: 'walking',
  walking: 'walking',
  outdoor_riding: 'cycling',
  outdoor_cycling: 'cycling',
  indoor_riding: 'cycling_indoor',
  indoor_cycling: 'cycling_indoor',
  pool_swimming: 'swimming_pool',
  open_swimming: 'swimming_open_water',
  free_training: 'other',
  elliptical_trainer: 'elliptical',
  rowing_machine: 'rowing_machine',
  hiking: 'hiking',
  mountaineering: 'hiking',
  rope_skipping: 'jump_rope',
  high_interval_training: 'hiit',
}

const totalFields = {
  duration: 'duration',
  valid_duration: 'active_duration',
  distance: 'distance',
  steps: 'steps',
  calories: 'energy_active',
  total_cal: 'energy_total',
  avg_hrm: 'heart_rate_avg',
  max_hrm: 'heart_rate_max',
  min_hrm: 'heart_rate_min',
  rise_height: 'elevation_gain',
  fall_height: 'elevation_loss',
  train_load: 'training_load',
} as const

/** A workout by its sums; what has no name of ours stays beside it. Undefined without times. */
export function workoutOf(sport: string, { value, source, t }: Row): SessionReading | undefined {
  const start = readNumber(value['start_time'] ?? value['time']) * 1000 || t
  const ended = readNumber(value['end_time']) * 1000
  const end = ended > 0 ? ended : start + readNumber(value['duration']) * 1000
  if (!(end >= start)) return undefined
  const totals: { [total: string]: number } = { duration: (end - start) / 1000 }
  const rest: { [field: string]: unknown } = {}
  for (const [field, stated] of Object.entries(value)) {
    const total = Object.hasOwn(totalFields, field) ? totalFields[field as keyof typeof totalFields] : undefined
    const number = readNumber(stated)
    if (total && number >= 0) totals[total] = number
    else if (!['start_time', 'end_time', 'timezone'].includes(field)) rest[field] = stated
  }
  const zone = readNumber(value['timezone'])
  return {
    kind: 'session',
    type: 'workout',
    activity: names[sport] ?? activityFromName(sport),
    start,
    end,
    ...(Math.abs(zone) <= 72 ? { offset: zone * 15 } : {}),
    externalId: `${source.key}:workout:${start}`,
    totals,
    parts: [],
    extra: { sport, ...rest },
  }
}
