/** Activities as summaries, with the details and the courses of each: two more calls. */
import { type ActivityType, activityFromName, activities as activityTable } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Pages, type RecordSource, type Told } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { cadenceOf, courseOf, Streams, seriesOf, streamKeys } from './courses.ts'
import { Lap, partOf } from './laps.ts'

const number = z.number().nullish()
const text = z.string().nullish()
const flag = z.boolean().nullish()

const Activity = z.object({
  id: z.number(),
  name: text,
  sport_type: text,
  type: text,
  workout_type: number,
  start_date: z.iso.datetime(),
  elapsed_time: z.number(),
  moving_time: number,
  utc_offset: number,
  timezone: text,
  distance: number,
  total_elevation_gain: number,
  elev_high: number,
  elev_low: number,
  calories: number,
  kilojoules: number,
  average_heartrate: number,
  max_heartrate: number,
  average_cadence: number,
  average_watts: number,
  max_watts: number,
  weighted_average_watts: number,
  device_watts: flag,
  average_speed: number,
  max_speed: number,
  average_temp: number,
  trainer: flag,
  commute: flag,
  manual: flag,
  visibility: text,
  flagged: flag,
  device_name: text,
  external_id: text,
  upload_id_str: text,
  gear: z.object({ name: text }).nullish(),
  gear_id: text,
  description: text,
  laps: z.array(Lap).nullish(),
})
type Activity = z.infer<typeof Activity>

/** How long it was in each zone of its athlete; the highest zone has −1 for its end. */
const Zones = z.object({
  type: z.string(),
  distribution_buckets: z.array(z.object({ min: z.number(), max: z.number(), time: z.number() })),
})
type Zones = z.infer<typeof Zones>

/** An activity's details and, unless it has none (by hand), its courses. */
const Record = z.object({ activity: Activity, streams: Streams.nullable(), zones: z.array(Zones).nullish() })

const Summaries = z.array(z.object({ id: z.number() }))
const perPage = 200
/** What a run that dies on the way has to ask for again: two calls each. */
const perBatch = 10

export const activities = defineFeed<z.infer<typeof Record>>({
  title: { en: 'Activities', de: 'Aktivitäten', fr: 'Activités' },
  scopes: ['activity:read', 'activity:read_all'],
  brings: ['workout', 'heart_rate', 'cadence', 'cadence_steps', 'power', 'speed', 'elevation', 'ambient_temperature'],
  windowDays: 14, // two calls for each activity, of 100 in a quarter of an hour: what stops in the middle begins again
  lookBackDays: 3, // a notice that failed three times is lost
  async *fetch(http, { from, to }) {
    const window = { after: Math.floor(from / 1_000) - 1, before: Math.ceil(to / 1_000) }
    for (let page = 1; ; page++) {
      const { body } = await http.get('/athlete/activities', { ...window, page, per_page: perPage })
      const ids = readAnswer(Summaries, body).map(({ id }) => String(id))
      if (!ids.length) return // a page may be short before the end
      for (let i = 0; i < ids.length; i += perBatch) yield* detailed(http, ids.slice(i, i + perBatch))
    }
  },
  // The calls of all people are too few to ask for the zones of a whole past.
  fetchOne: (http, id) => detailed(http, [id], zonesOf),
  raw: Record,
  source: ({ activity }) => sourceOf(activity),
  *read({ activity, streams, zones }): Generator<Told> {
    const kind = activityOf(activity)
    const start = Date.parse(activity.start_date)
    const end = start + activity.elapsed_time * 1_000
    const offset = activity.utc_offset ?? undefined
    const isEstimated = activity.device_watts === false
    yield {
      kind: 'session',
      type: 'workout',
      activity: kind,
      ...(activity.name ? { title: activity.name } : {}),
      start,
      end,
      ...(offset === undefined ? {} : { offset: offset / 60 }),
      externalId: String(activity.id),
      totals: totalsOf({
        duration: activity.elapsed_time,
        moving_duration: activity.moving_time,
        distance: activity.distance,
        elevation_gain: activity.total_elevation_gain,
        elevation_max: activity.elev_high,
        elevation_min: activity.elev_low,
        energy_active: activity.calories,
        heart_rate_avg: activity.average_heartrate,
        heart_rate_max: activity.max_heartrate,
        ...cadenceOf(kind, activity.average_cadence),
        power_avg: activity.average_watts,
        power_max: activity.max_watts,
        power_normalized: activity.weighted_average_watts,
        speed_avg: activity.average_speed,
        speed_max: activity.max_speed || undefined, // 0 where nothing was measured, as of an entry by hand
        ambient_temperature_avg: activity.average_temp,
      }),
      parts: (activity.laps ?? []).map((lap) => partOf(lap, kind)),
      ...(streams ? courseOf(streams, start) : {}),
      extra: { ...extraOf(activity, isEstimated), ...secondsInZones(zones ?? []) },
    }
    if (streams)
      yield* seriesOf(streams, { kind, start, isEstimated, offset: offset === undefined ? offset : offset / 60 })
  },
  sometimes: { 'activity.type': 'where there is no `sport_type`, which says more' },
  unused: {
    'activity.resource_state': 'how much of an activity an answer holds: always all of it here',
    'activity.athlete': 'the account itself',
    'activity.upload_id': 'upload_id_str says the same, and no number can round it',
    'activity.start_date_local': 'the wall clock with a false Z; start_date and utc_offset say it',
    'activity.start_latlng': 'the first point of the track',
    'activity.end_latlng': 'the last point of the track',
    'activity.map': 'a coarser form of the track',
    'activity.private': 'visibility says it more exactly',
    'activity.has_heartrate': 'said by the heart rates being there',
    'activity.splits_metric': 'kilometres that Strava cut from the track',
    'activity.gear.id': 'gear_id says it',
    'activity.gear.resource_state': 'how much of the gear an answer holds',
    'activity.gear.primary': 'about the gear, not the activity',
    'activity.gear.distance': 'about the gear, not the activity',
    'activity.laps.*.id': 'Strava’s number of the lap',
    'activity.laps.*.resource_state': 'how much of a lap an answer holds',
    'activity.laps.*.activity': 'the activity itself',
    'activity.laps.*.athlete': 'the account itself',
    'activity.laps.*.start_date_local': 'the wall clock with a false Z',
    'activity.laps.*.start_index': 'start_date says it',
    'activity.laps.*.end_index': 'start_date and elapsed_time say it',
    'activity.laps.*.lap_index': 'said by the order of the laps',
    'activity.laps.*.split': 'said by the order of the laps',
    'activity.laps.*.device_watts': 'said of the whole activity',
    'zones.*.score': 'on a scale of Strava’s own, for subscribers',
    'zones.*.points': 'on a scale of Strava’s own, for subscribers',
    'zones.*.resource_state': 'how much an answer holds',
    'zones.*.sensor_based': 'said by the courses being there',
    'zones.*.custom_zones': 'a setting of the athlete',
    'zones.*.max': 'a setting of the athlete',
    'streams.moving': 'Strava’s guess of pauses, which moving_time sums up',
    'streams.grade_smooth': 'worked out by Strava from altitude and distance',
    ...Object.fromEntries(
      streamKeys.flatMap((key) => [
        [`streams.${key}.series_type`, 'what Strava thinned the stream by'],
        [`streams.${key}.original_size`, 'the length before Strava thinned it'],
        [`streams.${key}.resolution`, 'how far Strava thinned it'],
      ]),
    ),
  },
})

/** One that is gone meanwhile is passed over: its deletion is told by a notice. Activities by hand have no streams. */
async function* detailed(http: ProviderHttp, ids: readonly string[], more?: typeof zonesOf): Pages {
  const records: unknown[] = []
  for (const id of ids) {
    const activity = await http.get(`/activities/${id}`, undefined, { expects: [404] })
    if (activity.status === 404) continue
    const query = { keys: streamKeys.join(','), key_by_type: true }
    const streams = await http.get(`/activities/${id}/streams`, query, { expects: [404] })
    const rest = await more?.(http, id)
    records.push({ activity: activity.body, streams: streams.status === 404 ? null : streams.body, ...rest })
  }
  yield records
}

/** 402 without a subscription. An activity by hand has none. */
const withoutZones = [402, 403, 404]

async function zonesOf(http: ProviderHttp, id: string): Promise<{ zones?: unknown }> {
  const { status, body } = await http.get(`/activities/${id}/zones`, undefined, { expects: withoutZones })
  return withoutZones.includes(status) ? {} : { zones: body }
}

/** `heartrate_zones: [{min: 0, max: 115, seconds: 60}, {min: 115, seconds: 900}]` */
const secondsInZones = (zones: readonly Zones[]): Record<string, unknown> =>
  Object.fromEntries(
    zones.map(({ type, distribution_buckets }) => [
      `${type}_zones`,
      distribution_buckets.map(({ min, max, time }) => ({ min, ...(max === -1 ? {} : { max }), seconds: time })),
    ]),
  )

/** Strava tells a treadmill from the road by `trainer` alone. */
const onTrainer: ReadonlyMap<string, ActivityType> = new Map(
  Object.entries(activityTable).flatMap(([kind, row]) =>
    'trainer' in row ? [[row.strava as string, kind as ActivityType] as const] : [],
  ),
)

function activityOf({ sport_type, type, trainer }: Activity): ActivityType {
  const sport = sport_type ?? type ?? ''
  return (trainer && onTrainer.get(sport)) || activityFromName(sport)
}

function sourceOf({ device_name: name, manual }: Activity): RecordSource | undefined {
  if (manual) return { key: 'manual', name: 'Strava, by hand', app: 'Strava' }
  return name ? { key: name, name, model: name, app: 'Strava' } : undefined
}

function extraOf(activity: Activity, isEstimated: boolean): Record<string, unknown> {
  return given({
    sport_type: activity.sport_type ?? activity.type,
    workout_type: activity.workout_type,
    time_zone: activity.timezone?.split(') ')[1], // (GMT+01:00) Europe/Stockholm
    work_kj: activity.kilojoules, // done on the pedals, not what the body used
    power_estimated: isEstimated || null,
    trainer: activity.trainer,
    commute: activity.commute,
    manual: activity.manual,
    visibility: activity.visibility,
    flagged: activity.flagged,
    file: activity.external_id, // the name by which the maker's own cloud may know it
    upload_id: activity.upload_id_str,
    gear: activity.gear?.name,
    gear_id: activity.gear_id,
    description: activity.description,
  })
}
