import { type ActivityType, activityFromName, type SessionPart } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { given, isGiven, totalsOf } from '../kit/tell.ts'
import { scope } from './auth.ts'
import { byDate, data, pointsOf } from './pages.ts'
import { idOf } from './sleep.ts'
import { sourceOf, unusedOfSource } from './source.ts'
import { amount, dataSource, interval, numberOf, offsetOf, secondsOf, text } from './wire.ts'

/** Types that are neither ours, nor Strava's, nor everyday speech. Google knows 182; one that nobody knows is `other`. */
const names: Readonly<Record<string, ActivityType>> = {
  TREADMILL: 'running_treadmill',
  TREADMILL_RUN: 'running_treadmill',
  INDOOR_RUN: 'running_treadmill',
  OUTDOOR_RUN: 'running',
  OUTDOOR_WALK: 'walking',
  INDOOR_WALK: 'walking',
  OUTDOOR_BIKE: 'cycling',
  SPINNING: 'cycling_indoor',
  STATIONARY_BIKE: 'cycling_indoor',
  WEIGHTLIFTING: 'strength',
  STAIRCLIMBER: 'stair_climbing',
  CIRCUIT_TRAINING: 'functional_training',
  AEROBIC_WORKOUT: 'cardio',
  INTERVAL_WORKOUT: 'hiit',
  SWIMMING_OPEN_WATER: 'swimming_open_water',
}

/** By its local start only; the way of a workout is a file of its own, for those who let us see where they were. */
async function* workouts(http: ProviderHttp, window: Window, context: FetchContext): Pages {
  const filter = byDate('exercise.interval.civil_start_time', window)
  for await (const page of pointsOf(http, 'exercise', 'list', filter, 25)) {
    for (const record of page) yield [await withWay(http, record, context)] // one file in memory at a time
  }
}

const placed = z.object({
  name: z.string(),
  exercise: z.object({ exerciseMetadata: z.object({ hasGps: z.literal(true) }), updateTime: text }),
})

async function withWay(http: ProviderHttp, record: unknown, { scopes, isKnown }: FetchContext): Promise<unknown> {
  const parsed = scopes.includes(scope.location) ? placed.safeParse(record) : undefined
  if (!parsed?.success) return record
  if (await isKnown?.(parsed.data.name, rankOf(parsed.data.exercise))) return record
  const path = `${data}/exercise/dataPoints/${encodeURIComponent(idOf(parsed.data.name))}:exportExerciseTcx`
  const { status, body } = await http.get(path, { alt: 'media', partialData: true }, { bytes: true, expects: [404] })
  return status === 404 ? record : { ...(record as object), tcx: body }
}

const rankOf = ({ updateTime }: { updateTime?: string | null | undefined }): number => Date.parse(updateTime ?? '') || 0

const zones = z.object({ lightTime: text, moderateTime: text, vigorousTime: text, peakTime: text })
const metrics = z.object({
  caloriesKcal: amount,
  distanceMillimeters: amount,
  steps: amount,
  averageHeartRateBeatsPerMinute: amount,
  averageSpeedMillimetersPerSecond: amount,
  elevationGainMillimeters: amount,
  activeZoneMinutes: amount,
  heartRateZoneDurations: zones.nullish(),
  mobilityMetrics: z.object({ avgCadenceStepsPerMinute: amount }).nullish(),
})
const event = z.object({ eventTime: z.string(), exerciseEventType: text })

export const exercise = defineFeed({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  scopes: [scope.activity],
  brings: ['workout'],
  windowDays: 14,
  lookBackDays: 7,
  fetch: workouts,
  raw: z.object({
    name: z.string(),
    dataSource,
    exercise: z.object({
      exerciseType: text,
      displayName: text,
      activeDuration: text,
      interval,
      metricsSummary: metrics.nullish(),
      exerciseMetadata: z.object({ hasGps: z.boolean().nullish() }).nullish(),
      exerciseEvents: z.array(event).nullish(),
      splitSummaries: z.array(z.unknown()).nullish(),
      splits: z.array(z.unknown()).nullish(),
      updateTime: text,
    }),
    tcx: z.instanceof(Uint8Array).optional(),
  }),
  source: (record) => sourceOf(record),
  version: ({ name, exercise }) => ({ key: name, rank: rankOf(exercise) }),
  *read({ name, exercise, tcx }) {
    const { interval, metricsSummary: sum, exerciseType } = exercise
    const [start, end] = [Date.parse(interval.startTime), Date.parse(interval.endTime)]
    const externalId = `exercise:${idOf(name)}`
    const thousandth = (value: z.infer<typeof amount>) => {
      const number = numberOf(value)
      return isGiven(number) ? number / 1000 : undefined
    }
    yield {
      kind: 'session',
      type: 'workout',
      activity: names[exerciseType ?? ''] ?? activityFromName(exerciseType ?? ''),
      start,
      end,
      ...given({ title: exercise.displayName, offset: offsetOf(interval.startUtcOffset) }),
      externalId,
      totals: totalsOf({
        duration: (end - start) / 1000,
        active_duration: secondsOf(exercise.activeDuration),
        distance: thousandth(sum?.distanceMillimeters),
        elevation_gain: thousandth(sum?.elevationGainMillimeters),
        speed_avg: thousandth(sum?.averageSpeedMillimetersPerSecond),
        energy_total: numberOf(sum?.caloriesKcal), // with what the body needs at rest
        steps: numberOf(sum?.steps),
        heart_rate_avg: numberOf(sum?.averageHeartRateBeatsPerMinute),
        cadence_steps_avg: numberOf(sum?.mobilityMetrics?.avgCadenceStepsPerMinute),
      }),
      parts: pausesOf(exercise.exerciseEvents ?? [], end),
      extra: given({
        exercise_type: exerciseType,
        has_gps: exercise.exerciseMetadata?.hasGps || undefined,
        active_zone_minutes: numberOf(sum?.activeZoneMinutes),
        heart_rate_zones: sum?.heartRateZoneDurations,
        split_summaries: exercise.splitSummaries?.length ? exercise.splitSummaries : undefined,
        splits: exercise.splits?.length ? exercise.splits : undefined,
      }),
    }
    if (tcx) yield { kind: 'file', format: 'tcx', bytes: tcx, externalId }
  },
  unused: {
    ...unusedOfSource,
    'dataSource.recordingMethod': 'a workout is recorded by the device that is named',
    'exercise.interval.endUtcOffset': 'the zone is the one in which it began',
    'exercise.updateTime': 'only tells which of two tellings is the later',
  },
})

/** A pause lasts until the next event that is none, or to the end. */
function pausesOf(events: readonly z.infer<typeof event>[], end: number): SessionPart[] {
  const timed = events
    .map((one) => ({ t: Date.parse(one.eventTime), type: one.exerciseEventType ?? '' }))
    .sort((a, b) => a.t - b.t)
  const pauses: SessionPart[] = []
  for (const [i, { t, type }] of timed.entries()) {
    if (!/PAUSE/.test(type) || /PAUSE/.test(timed[i - 1]?.type ?? '')) continue
    const next = timed.slice(i + 1).find((later) => !/PAUSE/.test(later.type))
    pauses.push({ kind: 'pause', start: t, end: next?.t ?? end })
  }
  return pauses
}
