import type { SessionPart, Stream, Track } from '@tributary/protocol'
import { z } from 'zod'
import { seriesOf } from '../kit/tell.ts'
import { figures, unusedOfActivity, workoutOf } from './activities.ts'
import { sentFeed } from './sent-feed.ts'
import { number, summary } from './spelling.ts'

const sample = z.object({
  startTimeInSeconds: z.number(),
  heartRate: number,
  latitudeInDegree: number,
  longitudeInDegree: number,
  elevationInMeters: number,
  speedMetersPerSecond: number,
  stepsPerMinute: number,
  powerInWatts: number,
  airTemperatureCelcius: number, // Garmin spells it so
  totalDistanceInMeters: number,
  timerDurationInSeconds: number,
  movingDurationInSeconds: number,
})
type Sample = z.infer<typeof sample>

const measured = [
  ['heart_rate', 'heartRate'],
  ['speed', 'speedMetersPerSecond'],
  ['cadence_steps', 'stepsPerMinute'],
  ['power', 'powerInWatts'],
  ['ambient_temperature', 'airTemperatureCelcius'],
] as const

/** An activity second by second; Garmin sends it for those of 24 hours at most. */
export const activityDetails = sentFeed('activityDetails', 'ACTIVITY_EXPORT', {
  title: { en: 'Courses of activities', de: 'Verläufe von Aktivitäten', fr: 'Détail des activités' },
  brings: ['workout', 'heart_rate', 'speed', 'cadence_steps', 'power', 'ambient_temperature'],
  raw: summary({
    activityId: z.union([z.number(), z.string()]),
    summary: summary(figures),
    samples: z.array(sample).nullish(),
    laps: z.array(z.object({ startTimeInSeconds: z.number() })).nullish(),
  }),
  *read({ activityId, summary, samples, laps }) {
    if (summary.isParent) return
    const session = workoutOf(summary, String(activityId))
    const course = (samples ?? []).toSorted((a, b) => a.startTimeInSeconds - b.startTimeInSeconds)
    const [track, distance, last] = [trackOf(course), distanceOf(course), course.at(-1)]
    if (last?.timerDurationInSeconds) session.totals['active_duration'] = last.timerDurationInSeconds
    if (last?.movingDurationInSeconds) session.totals['moving_duration'] = last.movingDurationInSeconds
    yield {
      ...session,
      parts: lapsOf(laps ?? [], session.end),
      ...(track ? { track } : {}),
      ...(distance ? { streams: { distance } } : {}),
    }
    for (const [metric, field] of measured) {
      const points = course.flatMap((at) => {
        const value = at[field]
        return typeof value === 'number' ? [[at.startTimeInSeconds * 1000, value] as const] : []
      })
      yield* seriesOf(metric, points, session.offset === undefined ? {} : { offset: session.offset })
    }
  },
  sometimes: {
    'samples.*.timerDurationInSeconds': 'the last one is that of the whole',
    'samples.*.movingDurationInSeconds': 'the last one is that of the whole',
  },
  unused: {
    ...unusedOfActivity,
    summaryId: 'the id of the activity tells it from others',
    'samples.*.clockDurationInSeconds': 'follows from the time of the sample',
  },
})

function trackOf(course: readonly Sample[]): Track | undefined {
  const placed = course.filter(
    (at) => typeof at.latitudeInDegree === 'number' && typeof at.longitudeInDegree === 'number',
  )
  if (!placed.length) return undefined
  const column = (of: (at: Sample) => number) => Float64Array.from(placed, of)
  return {
    t: column((at) => at.startTimeInSeconds * 1000),
    lat: column((at) => at.latitudeInDegree as number),
    lon: column((at) => at.longitudeInDegree as number),
    ele: column((at) => at.elevationInMeters ?? Number.NaN),
  }
}

function distanceOf(course: readonly Sample[]): Stream | undefined {
  const known = course.filter((at) => typeof at.totalDistanceInMeters === 'number')
  if (!known.length) return undefined
  return {
    t: Float64Array.from(known, (at) => at.startTimeInSeconds * 1000),
    v: Float64Array.from(known, (at) => at.totalDistanceInMeters as number),
  }
}

/** Garmin says when a lap begins: it lasts until the next. */
function lapsOf(laps: readonly { startTimeInSeconds: number }[], end: number): SessionPart[] {
  const starts = laps.map((lap) => lap.startTimeInSeconds * 1000).sort((a, b) => a - b)
  return starts.map((start, i) => ({ kind: 'lap', start, end: Math.max(start, starts[i + 1] ?? end) }))
}
