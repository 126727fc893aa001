import type { ActivityType } from '@tributary/protocol'
import { isOnFoot } from '@tributary/protocol'
import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { defineFeed, type FetchContext, type Pages, type RecordSource, type Window } from '../kit/feed.ts'
import { fitOf } from '../kit/fit-file.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { bpmOf, payloadOf } from './envelope.ts'

/** The few that are known; the file says the sport, and the number is kept. */
const activities: Readonly<Record<number, ActivityType>> = {
  0: 'walking',
  1: 'running',
  2: 'cycling',
  3: 'skiing_cross_country',
  10: 'cycling_mountain',
  11: 'hiking',
  21: 'swimming_pool',
  22: 'running_trail',
  23: 'strength',
  83: 'swimming_open_water',
}

const limit = 100
const key = /^[\w-]+$/

/** By the time of their last change: what is corrected comes again, and what is old was changed once, when it came. */
async function* changedWorkouts(http: ProviderHttp, { from, to }: Window, context: FetchContext): Pages {
  for (let offset = 0; ; offset += limit) {
    const query = { since: from, until: to, limit, offset, 'filter-by-modification-time': true }
    const list = readAnswer(z.array(z.unknown()), payloadOf((await http.get('/v3/workouts/', query)).body))
    for (const workout of list) yield [await withFile(http, workout, context)] // one file in memory at a time
    if (list.length < limit) return
  }
}

/** Here `payload` is the workout itself, not a list. */
async function* oneWorkout(http: ProviderHttp, workoutKey: string, context: FetchContext): Pages {
  if (!key.test(workoutKey)) throw new ProviderError('bad_data', 'a notice of Suunto names no workout')
  const { status, body } = await http.get(`/v3/workouts/${workoutKey}`, undefined, { expects: [404] })
  if (status !== 404) yield [await withFile(http, payloadOf(body), context)]
}

const keyed = z.object({ workoutKey: z.string().regex(key), lastModified: z.number().nullish() })

async function withFile(http: ProviderHttp, workout: unknown, { isKnown }: FetchContext): Promise<unknown> {
  const parsed = keyed.safeParse(workout)
  if (!parsed.success) return workout
  if (await isKnown?.(parsed.data.workoutKey, parsed.data.lastModified ?? 0)) return workout
  return { ...(workout as object), ...(await fitOf(http, `/v3/workouts/${parsed.data.workoutKey}/fit`)) }
}

const number = z.number().nullish()
const text = z.string().nullish()
const gear = z.object({ manufacturer: text, name: text, displayName: text, serialNumber: text, softwareVersion: text })

export const workouts = defineFeed({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  scopes: ['workout'],
  brings: ['workout', 'heart_rate', 'speed', 'power'],
  windowDays: 365,
  lookBackDays: 3,
  fetch: changedWorkouts,
  fetchOne: oneWorkout,
  raw: z.object({
    workoutKey: z.string(),
    activityId: z.number(),
    startTime: z.number(),
    stopTime: number,
    totalTime: number,
    totalDistance: number,
    totalAscent: number,
    totalDescent: number,
    avgSpeed: number,
    maxSpeed: number,
    energyConsumption: number,
    stepCount: number,
    recoveryTime: number,
    timeOffsetInMinutes: number,
    startPosition: z.object({ x: number, y: number }).nullish(),
    hrdata: z.object({ workoutAvgHR: number, avg: number, workoutMaxHR: number, hrmax: number, min: number }).nullish(),
    cadence: z.object({ avg: number, max: number }).nullish(),
    gear: gear.nullish(),
    lastModified: number,
    fit: z.instanceof(Uint8Array).optional(),
    fit_missing: z.string().optional(),
  }),
  source: ({ gear }) => deviceOf(gear),
  version: ({ workoutKey, lastModified }) => ({ key: workoutKey, rank: lastModified ?? 0 }),
  *read(workout) {
    const { workoutKey: externalId, hrdata: hr, startTime: start, startPosition: place, cadence } = workout
    const activity = activities[workout.activityId] ?? 'other'
    const end = workout.stopTime ?? start + (workout.totalTime ?? 0) * 1000
    const foot = isOnFoot(activity)
    yield {
      kind: 'session',
      type: 'workout',
      activity,
      start,
      end,
      externalId,
      ...given({ offset: workout.timeOffsetInMinutes }),
      totals: totalsOf({
        duration: (end - start) / 1000,
        active_duration: workout.totalTime, // without pauses
        distance: workout.totalDistance,
        elevation_gain: workout.totalAscent,
        elevation_loss: workout.totalDescent,
        speed_avg: workout.avgSpeed,
        speed_max: workout.maxSpeed,
        energy_active: workout.energyConsumption, // kcal here, joules in the samples of a day
        steps: workout.stepCount,
        heart_rate_avg: bpmOf(hr?.workoutAvgHR ?? hr?.avg),
        heart_rate_max: bpmOf(hr?.hrmax ?? hr?.workoutMaxHR), // `max` is what the person set as theirs
        heart_rate_min: bpmOf(hr?.min),
        cadence_avg: foot ? undefined : cadence?.avg,
        cadence_max: foot ? undefined : cadence?.max,
      }),
      parts: [],
      extra: given({
        activity_id: workout.activityId,
        recovery_time: workout.recoveryTime,
        start_latitude: place?.y,
        start_longitude: place?.x,
        // Of one leg or of both: the file knows.
        cadence_on_foot: foot ? cadence : undefined,
        file_missing: workout.fit_missing,
      }),
    }
    if (workout.fit) yield { kind: 'file', format: 'fit', bytes: workout.fit, externalId }
  },
  sometimes: {
    'hrdata.avg': 'workoutAvgHR by another name, where that is missing',
    'hrdata.workoutMaxHR': 'hrmax by another name, where that is missing',
  },
  unused: {
    workoutId: 'the key tells the workout from others',
    username: 'the connection knows whose it is',
    'hrdata.max': 'the highest rate that the person set, not one that was reached',
    'hrdata.userMaxHR': 'the highest rate that the person set, not one that was reached',
    lastModified: 'only tells which of two tellings is the later',
  },
})

type Gear = z.infer<typeof gear>

function deviceOf(gear: Gear | null | undefined): RecordSource | undefined {
  const name = gear?.displayName ?? gear?.name
  if (!gear || !name) return undefined
  return {
    key: gear.serialNumber ?? name,
    name,
    ...given({
      manufacturer: gear.manufacturer,
      model: gear.name,
      serial: gear.serialNumber,
      firmware: gear.softwareVersion,
    }),
  }
}
