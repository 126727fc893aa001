/** Workouts with their samples and ways, of the last 30 days, whole in one list. */
import { activityFromName, durationSeconds, type Stream, type Track, tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { RecordError } from '../kit/read-records.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { deviceOf } from './devices.ts'
import { listOf, oneOf, reaches } from './lists.ts'

const number = z.number().nullish()
const text = z.string().nullish()

const Exercise = z.object({
  id: z.string(),
  device: text,
  device_id: text,
  start_time: z.string(),
  start_time_utc_offset: z.number(),
  duration: z.string(),
  calories: number,
  distance: number,
  heart_rate: z.object({ average: number, maximum: number }).nullish(),
  training_load: number,
  sport: text,
  detailed_sport_info: text,
  'running-index': number,
  training_load_pro: z.looseObject({}).nullish(),
  heart_rate_zones: z.array(z.looseObject({})).nullish(),
  samples: z
    .array(z.object({ 'recording-rate': number, 'sample-type': z.union([z.string(), z.number()]), data: z.string() }))
    .nullish(),
  route: z.array(z.object({ latitude: z.number(), longitude: z.number(), time: z.string() })).nullish(),
})
type Exercise = z.infer<typeof Exercise>

/** By `sample-type`: a metric and its unit, or a stream of the workout alone. */
const kinds: Readonly<Record<string, { metric: string; unit?: string } | { stream: string }>> = tableOf({
  0: { metric: 'heart_rate' },
  1: { metric: 'speed', unit: 'km/h' },
  2: { metric: 'cadence' },
  3: { metric: 'elevation' },
  4: { metric: 'power' },
  5: { stream: 'pedalling_index' },
  6: { stream: 'left_right_balance' },
  7: { stream: 'air_pressure' },
  8: { metric: 'cadence_steps' },
  9: { metric: 'ambient_temperature' },
  10: { stream: 'distance' },
  11: { metric: 'rr_interval' },
})

const parts = { samples: true, zones: true, route: true }

export const exercises = defineFeed<Exercise>({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  brings: [
    'workout',
    'heart_rate',
    'speed',
    'cadence',
    'cadence_steps',
    'elevation',
    'power',
    'ambient_temperature',
    'rr_interval',
    'vo2max',
  ],
  windowDays: 30,
  lookBackDays: 3,
  historyDays: 30,
  async *fetch(http, window, { now }) {
    if (reaches(window, now, 31)) yield* listOf(http, '/exercises', parts)
  },
  fetchOne: (http, id) => oneOf(http, `/exercises/${encodeURIComponent(id)}`, parts),
  raw: Exercise,
  source: ({ device, device_id }) => deviceOf(device_id, device),
  *read(exercise): Generator<Told> {
    const offset = exercise.start_time_utc_offset // minutes; the time is the wall clock's
    const start = Date.parse(`${exercise.start_time.replace(/Z$/, '')}Z`) - offset * 60_000
    const length = durationSeconds(exercise.duration)
    if (Number.isNaN(start) || length === undefined) throw new RecordError('an exercise without a start or a length')
    const end = start + length * 1_000
    const sport = exercise.detailed_sport_info ?? exercise.sport ?? ''
    const streams: Record<string, Stream> = {}
    const series: Told[] = []
    for (const { 'recording-rate': rate, 'sample-type': type, data } of exercise.samples ?? []) {
      const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined
      const column = columnOf(data, rate, start)
      if (!kind || !column.t.length) continue
      if ('stream' in kind) streams[kind.stream] = column
      else series.push({ kind: 'series', ...kind, ...column, offset, method: 'active' })
    }
    const track = trackOf(exercise.route ?? [], start)
    yield {
      kind: 'session',
      type: 'workout',
      activity: activityFromName(sport),
      start,
      end,
      offset,
      externalId: exercise.id,
      totals: totalsOf({
        duration: length,
        distance: exercise.distance,
        energy_active: exercise.calories,
        heart_rate_avg: exercise.heart_rate?.average,
        heart_rate_max: exercise.heart_rate?.maximum,
        training_load: exercise.training_load,
      }),
      parts: [],
      ...(track ? { track } : {}),
      ...(Object.keys(streams).length ? { streams } : {}),
      extra: given<Record<string, unknown>>({
        sport: exercise.sport,
        detailed_sport: exercise.detailed_sport_info,
        training_load_pro: exercise.training_load_pro,
        heart_rate_zones: exercise.heart_rate_zones,
      }),
    }
    yield* series
    const index = exercise['running-index'] // an estimate from pulse and pace
    if (typeof index === 'number')
      yield { kind: 'sample', metric: 'vo2max', t: end, value: index, offset, quality: 'fair' }
  },
  unused: {
    upload_time: 'when it reached Polar',
    polar_user: 'the account itself',
    has_route: 'said by the route being there',
    'route.*.satellites': 'how the place was found',
    'route.*.fix': 'how the place was found',
  },
})

/** Every `rate` seconds one; without a rate they are intervals between beats, and each ends where the next begins. */
function columnOf(data: string, rate: number | null | undefined, start: number): Stream {
  const t: number[] = []
  const v: number[] = []
  let at = start
  for (const [i, written] of data.split(',').entries()) {
    const value = written.trim() === '' || written.trim() === 'null' ? Number.NaN : Number(written)
    if (!rate) at += Number.isNaN(value) ? 0 : value
    if (Number.isNaN(value)) continue // the sensor was off
    t.push(rate ? start + i * rate * 1_000 : at)
    v.push(value)
  }
  return { t: Float64Array.from(t), v: Float64Array.from(v) }
}

function trackOf(route: NonNullable<Exercise['route']>, start: number): Track | undefined {
  const points = route.flatMap(({ latitude, longitude, time }) => {
    const seconds = durationSeconds(time)
    return seconds === undefined ? [] : [[start + seconds * 1_000, latitude, longitude] as const]
  })
  if (!points.length) return undefined
  const column = (i: 0 | 1 | 2) => Float64Array.from(points, (point) => point[i])
  return { t: column(0), lat: column(1), lon: column(2) }
}
