import { activityFromName, isOnFoot } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type RecordSource, type Window } from '../kit/feed.ts'
import { fitOf } from '../kit/fit-file.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { RecordError } from '../kit/read-records.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { localDates } from './dates.ts'

async function* activityPages(http: ProviderHttp, window: Window, context: FetchContext): Pages {
  const { body } = await http.get(`/api/v1/athlete/${context.account}/activities`, localDates(window))
  for (const activity of readAnswer(z.array(z.unknown()), body)) yield [await withFile(http, activity, context)] // one file in memory at a time
}

const listed = z.object({ id: z.string().regex(/^\w+$/), source: z.string().nullish() })

/** Strava's terms forbid its details to be passed on: of what came from there no file can be had. */
async function withFile(http: ProviderHttp, activity: unknown, { isKnown }: FetchContext): Promise<unknown> {
  const parsed = listed.safeParse(activity)
  if (!parsed.success || parsed.data.source === 'STRAVA' || (await isKnown?.(parsed.data.id, 0))) return activity
  return { ...(activity as object), ...(await fitOf(http, `/api/v1/activity/${parsed.data.id}/fit-file`)) }
}

const number = z.number().nullish()
const text = z.string().nullish()

export const activities = defineFeed({
  title: { en: 'Activities', de: 'Aktivitäten', fr: 'Activités' },
  scopes: ['ACTIVITY:READ', 'ACTIVITY:WRITE'],
  brings: ['workout', 'heart_rate', 'power', 'speed'],
  windowDays: 90,
  lookBackDays: 7,
  fetch: activityPages,
  raw: z.object({
    id: z.string(),
    start_date: text,
    start_date_local: text,
    type: text,
    name: text,
    distance: number,
    moving_time: number,
    elapsed_time: number,
    total_elevation_gain: number,
    average_heartrate: number,
    max_heartrate: number,
    average_cadence: number,
    calories: number,
    icu_training_load: number,
    source: text,
    device_name: text,
    external_id: text,
    fit: z.instanceof(Uint8Array).optional(),
    fit_missing: z.string().optional(),
  }),
  source: ({ source, device_name }) => deviceOf(source, device_name),
  version: ({ id }) => ({ key: id, rank: 0 }), // nothing says which of two tellings is the later
  *read(one) {
    // Strava's terms: hardly more than the id is shown of what came from there, and Strava has all of it.
    if (!one.start_date && one.source === 'STRAVA') return
    const start = Date.parse(one.start_date ?? '')
    if (Number.isNaN(start)) throw new RecordError('it does not say when it began')
    const activity = activityFromName(one.type ?? '')
    const elapsed = one.elapsed_time ?? one.moving_time ?? 0
    const foot = isOnFoot(activity)
    yield {
      kind: 'session',
      type: 'workout',
      activity,
      start,
      end: start + elapsed * 1000,
      externalId: one.id,
      ...given({ title: one.name, offset: offsetBetween(start, one.start_date_local) }),
      totals: totalsOf({
        duration: elapsed,
        moving_duration: one.moving_time,
        distance: one.distance,
        elevation_gain: one.total_elevation_gain,
        heart_rate_avg: one.average_heartrate,
        heart_rate_max: one.max_heartrate,
        // Of one leg: two are counted here.
        cadence_steps_avg: foot && one.average_cadence ? one.average_cadence * 2 : undefined,
        cadence_avg: foot ? undefined : one.average_cadence,
        energy_total: one.calories,
        training_load: one.icu_training_load,
      }),
      parts: [],
      extra: given({ type: one.type, source: one.source, original_id: one.external_id, file_missing: one.fit_missing }),
    }
    if (one.fit) yield { kind: 'file', format: 'fit', bytes: one.fit, externalId: one.id }
  },
  unused: {},
})

/** Local times come without a zone: what they are ahead of UTC is the zone. */
function offsetBetween(start: number, local: string | null | undefined): number | undefined {
  const minutes = local ? Math.round((Date.parse(`${local.replace(/Z$/, '')}Z`) - start) / 60_000) : Number.NaN
  return Math.abs(minutes) <= 18 * 60 ? minutes : undefined
}

/** Where it came from (`GARMIN_CONNECT`) and the device that recorded it: the same may come from there by itself. */
function deviceOf(app: string | null | undefined, device: string | null | undefined): RecordSource | undefined {
  const name = device ?? app
  return name ? { key: `${app ?? ''}:${device ?? ''}`, name, ...given({ model: device, app }) } : undefined
}
