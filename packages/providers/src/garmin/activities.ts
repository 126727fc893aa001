import { type ActivityType, activityFromName, type SessionReading, tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { given, totalsOf } from '../kit/tell.ts'
import { sentFeed } from './sent-feed.ts'
import { number, summary, text, times, timesOf } from './spelling.ts'

/** Words that are neither ours, nor Strava's, nor everyday speech. */
const names: Readonly<Record<string, ActivityType>> = tableOf({
  FITNESS_EQUIPMENT: 'cardio',
  BREATHWORK: 'meditation',
  INDOOR_WALKING: 'walking',
  STEPPER: 'stair_climbing',
  STAIR_CLIMBING: 'stair_climbing',
  TRANSITION_V2: 'transition',
  BIKETORUNTRANSITION: 'transition',
  SWIMTOBIKETRANSITION: 'transition',
  RUNTOBIKETRANSITION: 'transition',
})

export const figures = {
  ...times,
  activityName: text,
  activityType: text,
  deviceName: text,
  durationInSeconds: z.number(),
  distanceInMeters: number,
  activeKilocalories: number,
  averageHeartRateInBeatsPerMinute: number,
  maxHeartRateInBeatsPerMinute: number,
  averageSpeedInMetersPerSecond: number,
  maxSpeedInMetersPerSecond: number,
  averageRunCadenceInStepsPerMinute: number,
  totalElevationGainInMeters: number,
  steps: number,
  startingLatitudeInDegree: number,
  startingLongitudeInDegree: number,
  manual: z.boolean().nullish(),
  isParent: z.boolean().nullish(),
  parentSummaryId: z.union([z.string(), z.number()]).nullish(),
}
const Figures = z.object(figures)
export type Figures = z.infer<typeof Figures>

export function workoutOf(activity: Figures, id: string): SessionReading {
  const { t: start, offset } = timesOf(activity)
  const type = activity.activityType ?? ''
  return {
    kind: 'session',
    type: 'workout',
    activity: names[type] ?? activityFromName(type),
    start,
    end: start + activity.durationInSeconds * 1000,
    externalId: id,
    ...given({ offset, title: activity.activityName }),
    totals: totalsOf({
      duration: activity.durationInSeconds,
      distance: activity.distanceInMeters,
      energy_active: activity.activeKilocalories,
      heart_rate_avg: activity.averageHeartRateInBeatsPerMinute,
      heart_rate_max: activity.maxHeartRateInBeatsPerMinute,
      speed_avg: activity.averageSpeedInMetersPerSecond,
      speed_max: activity.maxSpeedInMetersPerSecond,
      cadence_steps_avg: activity.averageRunCadenceInStepsPerMinute, // of both legs already
      elevation_gain: activity.totalElevationGainInMeters,
      steps: activity.steps,
    }),
    parts: [],
    extra: given({
      activity_type: activity.activityType,
      // Beside it and no source of its own: details and files of the same activity do not name the device, and must find the session.
      device: activity.deviceName,
      start_latitude: activity.startingLatitudeInDegree,
      start_longitude: activity.startingLongitudeInDegree,
      manual: activity.manual || undefined,
      part_of: activity.parentSummaryId,
    }),
  }
}

export const unusedOfActivity = {
  userId: 'the connection knows whose it is',
  averagePaceInMinutesPerKilometer: 'the average speed in another unit',
}

export const activities = sentFeed('activities', 'ACTIVITY_EXPORT', {
  title: { en: 'Activities', de: 'Aktivitäten', fr: 'Activités' },
  brings: ['workout'],
  raw: summary({ ...figures, activityId: z.union([z.number(), z.string()]) }),
  *read(activity) {
    // Of a triathlon the legs are told, each by itself: the whole once more would count everything twice.
    if (activity.isParent) return
    yield workoutOf(activity, String(activity.activityId))
  },
  unused: { ...unusedOfActivity, summaryId: 'the id of the activity tells it from others' },
})
