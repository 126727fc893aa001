import type { ActivityType, SessionPart } from '@tributary/protocol'
import { z } from 'zod'
import { totalsOf } from '../kit/tell.ts'
import { cadenceOf } from './courses.ts'

const number = z.number().nullish()

export const Lap = z.object({
  name: z.string().nullish(),
  start_date: z.iso.datetime(),
  elapsed_time: z.number(),
  moving_time: number,
  distance: number,
  total_elevation_gain: number,
  average_heartrate: number,
  max_heartrate: number,
  average_cadence: number,
  average_watts: number,
  average_speed: number,
  max_speed: number,
})

export function partOf(lap: z.infer<typeof Lap>, activity: ActivityType): SessionPart {
  const start = Date.parse(lap.start_date)
  return {
    kind: 'lap',
    start,
    end: start + lap.elapsed_time * 1_000,
    ...(lap.name ? { label: lap.name } : {}),
    totals: totalsOf({
      duration: lap.elapsed_time,
      moving_duration: lap.moving_time,
      distance: lap.distance,
      elevation_gain: lap.total_elevation_gain,
      heart_rate_avg: lap.average_heartrate,
      heart_rate_max: lap.max_heartrate,
      ...cadenceOf(activity, lap.average_cadence),
      power_avg: lap.average_watts,
      speed_avg: lap.average_speed,
      speed_max: lap.max_speed || undefined,
    }),
  }
}
