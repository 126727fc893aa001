import { isOnFoot } from '@tributary/protocol'
import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { defineFeed, type FetchContext, type Pages, type RecordSource, type Window } from '../kit/feed.ts'
import { fitOf } from '../kit/fit-file.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { offsetIn } from '../kit/zone.ts'
import { calendar, libraryOf, plan, route, toldCalendar, toldPlan, wholeCalendar } from './planned.ts'
import { workoutTypes } from './workout-types.ts'

const perPage = 100
/** A late upload of an old workout appears deep in the list: so many pages beyond the window are looked through for one. */
const pagesBeyond = 2

const answer = z.object({ workouts: z.array(z.unknown()), total: z.number(), page: z.number(), per_page: z.number() })
const listed = z.object({
  starts: z.string(),
  workout_summary: z.object({ updated_at: z.string().nullish() }).nullish(),
})

/** The newest first, without a filter by date: what is planned stands before all that was done. */
async function* workoutPages(http: ProviderHttp, window: Window, context: FetchContext): Pages {
  const withPlans = libraryOf(http, context)
  const to = window.to < context.now ? window.to : Number.POSITIVE_INFINITY
  let beyond = 0
  for (let page = 1; ; page++) {
    const { body } = await http.get('/v1/workouts', { page, per_page: perPage })
    const list = readAnswer(answer, body)
    const wanted = list.workouts.filter((workout) => isWanted(workout, { from: window.from, to }))
    for (const workout of wanted) yield [await withFile(http, await withPlans(workout), context)] // one file in memory at a time
    const whole = page === 1 && wholeCalendar(list.workouts, list.total, window, context)
    if (whole) yield [whole]
    const isBefore = list.workouts.every((workout) => startOf(workout) < window.from)
    if (isBefore && ++beyond > pagesBeyond) return
    if (!list.workouts.length || list.page * list.per_page >= list.total) return
  }
}

/** One whose form cannot be read goes on, so that it is told to be unreadable. */
function isWanted(workout: unknown, { from, to }: Window): boolean {
  const parsed = listed.safeParse(workout)
  if (!parsed.success) return true
  const [start, updated] = [Date.parse(parsed.data.starts), Date.parse(parsed.data.workout_summary?.updated_at ?? '')]
  return (start >= from && start < to) || (updated >= from && updated < to)
}

const startOf = (workout: unknown): number => {
  const parsed = listed.safeParse(workout)
  return parsed.success ? Date.parse(parsed.data.starts) : Number.NEGATIVE_INFINITY
}

const filed = z.object({
  id: z.number(),
  workout_summary: z.object({ file: z.object({ url: z.string() }), updated_at: z.string().nullish() }),
})

/** Samples, way and laps are in the FIT file only, at an address that is open to all: no token goes with it. */
async function withFile(http: ProviderHttp, workout: unknown, { isKnown }: FetchContext): Promise<unknown> {
  const parsed = filed.safeParse(workout)
  if (!parsed.success || (await isKnown?.(...versionOf(parsed.data)))) return workout
  return {
    ...(workout as object),
    ...(await fitOf(http, parsed.data.workout_summary.file.url, { withoutToken: true })),
  }
}

interface Versioned {
  id: number
  workout_summary?: { updated_at?: string | null | undefined } | null | undefined
}
const versionOf = ({ id, workout_summary: sum }: Versioned): [key: string, rank: number] => [
  String(id),
  Date.parse(sum?.updated_at ?? '') || 0,
]

async function* oneWorkout(http: ProviderHttp, id: string, context: FetchContext): Pages {
  if (!/^\d+$/.test(id)) throw new ProviderError('bad_data', 'a notice of Wahoo names no workout')
  const gone = [404, 410] // 410: it was removed
  const { status, body } = await http.get(`/v1/workouts/${id}`, undefined, { expects: gone })
  if (!gone.includes(status)) yield [await withFile(http, await libraryOf(http, context)(body), context)]
}

/** Decimals are texts. */
const decimal = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).nullish()
const numberOf = (value: z.infer<typeof decimal>): number | undefined =>
  value === undefined || value === null ? undefined : Number(value)

const summary = z.object({
  ascent_accum: decimal,
  cadence_avg: decimal,
  calories_accum: decimal,
  distance_accum: decimal,
  duration_active_accum: decimal,
  duration_total_accum: decimal,
  heart_rate_avg: decimal,
  power_avg: decimal,
  power_bike_np_last: decimal,
  power_bike_tss_last: decimal,
  speed_avg: decimal,
  work_accum: decimal,
  time_zone: z.string().nullish(),
  manual: z.boolean().nullish(),
  edited: z.boolean().nullish(),
  fitness_app_id: z.number().nullish(),
  updated_at: z.string().nullish(),
})

export const workouts = defineFeed({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  scopes: ['workouts_read'],
  brings: ['workout', 'heart_rate', 'power', 'speed', 'cadence'],
  windowDays: 3650, // the list is read from its top each time: the past is one stretch
  lookBackDays: 7,
  fetch: workoutPages,
  fetchOne: oneWorkout,
  raw: z.union([
    calendar,
    z.object({
      id: z.number(),
      starts: z.string(),
      minutes: z.number().nullish(),
      name: z.string().nullish(),
      plan_id: z.number().nullish(),
      workout_token: z.string().nullish(),
      workout_type_id: z.number().nullish(),
      workout_summary: summary.nullish(),
      plans: z.array(plan).optional(),
      route: route.optional(),
      fit: z.instanceof(Uint8Array).optional(),
      fit_missing: z.string().optional(),
    }),
  ]),
  /** What is only planned nobody has measured. */
  source: (one) => ('calendar' in one || !one.workout_summary ? undefined : deviceOf(one.workout_token ?? '')),
  version: (one) => {
    if ('calendar' in one) return { key: 'calendar', rank: one.calendar.asked }
    const [key, rank] = versionOf(one)
    return { key, rank }
  },
  *read(workout, { now, timeZone }) {
    if ('calendar' in workout) return yield toldCalendar(workout)
    const { workout_summary: sum, workout_type_id: type } = workout
    // Without one it is planned, or was not finished: the webhook tells when it is.
    if (!sum) return Date.parse(workout.starts) > now ? yield toldPlan(workout, timeZone) : undefined
    const start = Date.parse(workout.starts)
    const activity = workoutTypes[type ?? 255] ?? 'other'
    const duration = numberOf(sum.duration_total_accum) ?? numberOf(sum.duration_active_accum) ?? 0
    const cadence = numberOf(sum.cadence_avg)
    yield {
      kind: 'session',
      type: 'workout',
      activity,
      start,
      end: start + duration * 1000,
      externalId: String(workout.id),
      ...given({ title: workout.name, offset: sum.time_zone ? offsetIn(sum.time_zone, start) : undefined }),
      totals: totalsOf({
        duration,
        active_duration: numberOf(sum.duration_active_accum),
        distance: numberOf(sum.distance_accum),
        elevation_gain: numberOf(sum.ascent_accum),
        energy_active: numberOf(sum.calories_accum),
        heart_rate_avg: numberOf(sum.heart_rate_avg),
        cadence_avg: isOnFoot(activity) ? undefined : cadence,
        power_avg: numberOf(sum.power_avg),
        power_normalized: numberOf(sum.power_bike_np_last),
        speed_avg: numberOf(sum.speed_avg),
      }),
      parts: [],
      extra: given({
        workout_type_id: type,
        fitness_app_id: sum.fitness_app_id,
        training_stress_score: numberOf(sum.power_bike_tss_last),
        work_accum: numberOf(sum.work_accum), // said to be joules; the values printed beside it are larger
        // Of one leg or of both: the file knows.
        cadence_on_foot: isOnFoot(activity) ? cadence : undefined,
        manual: sum.manual || undefined,
        edited: sum.edited || undefined,
        file_missing: workout.fit_missing,
      }),
    }
    if (workout.fit) yield { kind: 'file', format: 'fit', bytes: workout.fit, externalId: String(workout.id) }
  },
  unused: {
    plan_ids: 'says which plans are put beside it',
    route_id: 'says which way is put beside it',
    ...Object.fromEntries(
      ['user_id', 'name', 'file', 'external_id', 'provider_updated_at', 'deleted', 'updated_at', 'created_at'].flatMap(
        (name) => [
          [
            `plans.*.${name}`,
            'the workout that names the plan has a name and a time of its own; intervals have no place here',
          ],
          [`route.${name}`, 'a way to come is no measurement: only how long it is counts'],
        ],
      ),
    ),
    ...Object.fromEntries(
      ['workout_type_family_id', 'workout_type_location_id'].map((name) => [
        `plans.*.${name}`,
        'the workout says which sport it is',
      ]),
    ),
    ...Object.fromEntries(
      ['id', 'description', 'workout_type_family_id', 'start_lat', 'start_lng', 'ascent', 'descent'].map((name) => [
        `route.${name}`,
        'a way to come is no measurement: only how long it is counts',
      ]),
    ),
    created_at: 'when Wahoo stored it',
    updated_at: 'when Wahoo stored it',
    'workout_summary.id': 'the id of the workout tells it from others',
    'workout_summary.name': 'the name of the workout, once more',
    'workout_summary.duration_paused_accum': 'the whole less the active time',
    'workout_summary.file.url': 'an address: the file itself is told',
    'workout_summary.created_at': 'when Wahoo stored it',
    'workout_summary.updated_at': 'only tells which of two tellings is the later',
  },
  sometimes: {
    minutes: 'of one that was done they are rounded; the summary has the lengths',
    plan_id: 'chooses between several plans',
    'plans.*.description': 'of several plans the chosen one says what to do',
    workout_token: 'of one that is planned it names no device',
  },
})

/** `ELEMNT BOLT 3C1A:51`: a device, and its count of workouts. */
function deviceOf(token: string): RecordSource | undefined {
  const [, name] = /^(.+):\d+$/.exec(token) ?? []
  if (!name) return undefined
  return { key: name, name, manufacturer: 'Wahoo', model: name.replace(/ [0-9A-F]{4}$/, '') }
}
