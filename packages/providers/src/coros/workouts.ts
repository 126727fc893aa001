import { isOnFoot, metrics, type SessionReading } from '@tributary/protocol'
import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { defineFeed, type FetchContext, type Pages, type RecordSource, type Told, type Window } from '../kit/feed.ts'
import { fitOf, type WithFit } from '../kit/fit-file.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { parseJson } from '../kit/parse-json.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { activityTypes } from './activity-types.ts'
import { dataOf, datesOf, offsetOf } from './envelope.ts'

/** 64 bits, sometimes without quotes: the kit keeps those that are too long for a number as their digits. */
const longId = z.union([z.string(), z.number()])
const number = z.number().nullish()
const text = z.string().nullish()

const leg = z.object({
  mode: z.number(),
  subMode: z.number(),
  distance: number,
  calorie: number,
  avgSpeed: number,
  avgFrequency: number,
  step: number,
  startTime: number,
  endTime: number,
  duration: number,
  fitUrl: text,
  fit: z.instanceof(Uint8Array).optional(),
  fit_missing: z.string().optional(),
})
type Leg = z.infer<typeof leg>

const workout = leg.extend({
  labelId: longId,
  deviceName: text,
  startTime: z.number(),
  startTimezone: number,
  triathlonItemList: z.array(leg).nullish(),
})

async function* workoutPages(http: ProviderHttp, window: Window, { now, isKnown }: FetchContext): Pages {
  const dates = datesOf(window, now)
  if (!dates) return
  const data = dataOf((await http.get('/v2/coros/sport/list', dates)).body)
  const list = Array.isArray(data) ? data : Object.values(data ?? {}).find(Array.isArray)
  for (const item of list ?? []) {
    const id = labelled.safeParse(item)
    const isOld = id.success && (await isKnown?.(String(id.data.labelId), 0))
    yield [isOld ? item : await withFiles(http, item)] // the files of one workout in memory at a time
  }
}

const labelled = z.object({ labelId: longId })

/** A notice brings the workout itself, perhaps edited; only its files are still to be had. */
async function* noticed(http: ProviderHttp, notice: string, _context: FetchContext): Pages {
  yield [await withFiles(http, parseJson(notice))]
}

const filed = z.object({
  labelId: longId,
  mode: z.number(),
  subMode: z.number(),
  fitUrl: text,
  triathlonItemList: z.array(z.looseObject({ mode: z.number(), subMode: z.number(), fitUrl: text })).nullish(),
})

async function withFiles(http: ProviderHttp, item: unknown): Promise<unknown> {
  const parsed = filed.safeParse(item)
  if (!parsed.success) return item
  const { labelId, triathlonItemList: legs } = parsed.data
  if (!legs?.length) return { ...(item as object), ...(await fileOf(http, labelId, parsed.data)) }
  const filedLegs: object[] = [] // the whole has no file, its legs have
  for (const one of legs) filedLegs.push({ ...one, ...(await fileOf(http, labelId, one)) })
  return { ...(item as object), triathlonItemList: filedLegs }
}

interface Filed {
  mode: number
  subMode: number
  fitUrl?: string | null | undefined
}

/** Addresses are signed and grow old: the storage's refusal says nothing of the connection, a fresh address is asked for once. */
async function fileOf(http: ProviderHttp, labelId: string | number, of: Filed): Promise<WithFit> {
  const first = of.fitUrl ? await download(http, of.fitUrl) : undefined
  if (first && 'fit' in first) return first
  const fresh = await freshUrl(http, labelId, of)
  return fresh.url === undefined ? (first ?? { fit_missing: fresh.why }) : download(http, fresh.url)
}

const detail = z.object({ labelId: longId, mode: z.number(), subMode: z.number(), fitUrl: text })

/** An answer that is none costs the file, not the workouts of the whole list. */
async function freshUrl(
  http: ProviderHttp,
  labelId: string | number,
  { mode, subMode }: Filed,
): Promise<{ url: string; why?: never } | { url?: never; why: string }> {
  const query = { labelId: String(labelId), mode, subMode }
  try {
    const { status, body } = await http.get('/v2/coros/sport/detail/fit', query, { expects: [404] })
    const { success, data } = detail.safeParse(status === 404 ? undefined : dataOf(body))
    if (!success || !data.fitUrl) return { why: 'COROS has no file of it' }
    const isSame = String(data.labelId) === String(labelId) && data.mode === mode && data.subMode === subMode
    return isSame ? { url: data.fitUrl } : { why: 'COROS answered with the file of another workout' }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.fault !== 'bad_data') throw error
    return { why: error.message }
  }
}

/** That the host is one of COROS's storages is seen to by `http`; of a CDN that others use too, only these paths are ours. */
function download(http: ProviderHttp, url: string): Promise<WithFit> | WithFit {
  const isFile = URL.canParse(url) && /^\/fit\/[^/]+\/[^/]+\.fit$/.test(new URL(url).pathname)
  return isFile ? fitOf(http, url, { withoutToken: true }) : { fit_missing: 'its address is none of COROS’s files' }
}

export const workouts = defineFeed({
  title: { en: 'Workouts', de: 'Trainings', fr: 'Entraînements' },
  scopes: ['workout'],
  brings: ['workout', 'heart_rate', 'power', 'speed'],
  windowDays: 27, // 30 days are the most, and a stretch is asked for a day wide at both ends
  lookBackDays: 3,
  historyDays: 89,
  fetch: workoutPages,
  fetchOne: noticed,
  raw: workout,
  source: ({ deviceName }) => deviceOf(deviceName),
  version: ({ labelId }) => ({ key: String(labelId), rank: 0 }), // nothing says which of two tellings is the later
  *read(record) {
    const { labelId, triathlonItemList: legs } = record
    const zone = record.startTimezone
    if (!legs?.length) return yield* toldOf(record, String(labelId), record.startTime, zone)
    // Of a triathlon the legs are told, each by itself: the whole once more would count everything twice.
    let next = record.startTime
    for (const [i, one] of legs.entries()) {
      const start = one.startTime ?? next
      yield* toldOf(one, `${labelId}:${i + 1}`, start, zone, String(labelId))
      next = one.endTime ?? start + (one.duration ?? 0)
    }
  },
  sometimes: {
    mode: 'of several sports in a row the legs tell theirs',
    subMode: 'of several sports in a row the legs tell theirs',
    distance: 'of several sports in a row the legs tell theirs',
    calorie: 'of several sports in a row the legs tell theirs',
    duration: 'of several sports in a row the legs tell theirs',
    endTime: 'of several sports in a row the legs tell theirs',
  },
  unused: {
    openId: 'the connection knows whose it is',
    endTimezone: 'the zone is the one in which it began',
    fitUrl: 'an address: the file itself is told',
    planWorkoutId: 'a plan is no measurement',
    'triathlonItemList.*.fitUrl': 'an address: the file itself is told',
  },
})

/** A workout or a leg of one, and its file. */
function* toldOf(
  one: Leg,
  externalId: string,
  startsAt: number,
  zone: number | null | undefined,
  partOf?: string,
): Generator<Told> {
  const activity = activityTypes[`${one.mode}/${one.subMode}`] ?? 'other'
  const start = startsAt * 1000
  const end = one.endTime ? one.endTime * 1000 : start + (one.duration ?? 0) * 1000
  const foot = isOnFoot(activity)
  const session: SessionReading = {
    kind: 'session',
    type: 'workout',
    activity,
    start,
    end,
    externalId,
    ...given({ offset: offsetOf(zone) }),
    totals: totalsOf({
      duration: (end - start) / 1000,
      active_duration: one.duration,
      distance: one.distance,
      energy_active: kcalOf(one.calorie, (end - start) / 60_000),
      speed_avg: one.avgSpeed ? 1000 / one.avgSpeed : undefined, // a pace, in seconds for a kilometre
      cadence_steps_avg: foot ? one.avgFrequency : undefined,
      cadence_avg: foot ? undefined : one.avgFrequency,
      steps: one.step,
    }),
    parts: [],
    extra: given({ mode: one.mode, sub_mode: one.subMode, part_of: partOf, file_missing: one.fit_missing }),
  }
  yield session
  if (one.fit) yield { kind: 'file', format: 'fit', bytes: one.fit, externalId }
}

const [mostPerMinute] = metrics.energy_active.rejectRate

/**
 * Small calories, as one implementer says, though the days have kcal: more than 20,000, or than anybody burns in that time, are small
 * ones. So is a walk of 19 kcal, told as 19,000.
 */
function kcalOf(calorie: number | null | undefined, minutes: number): number | undefined {
  if (calorie === null || calorie === undefined) return undefined
  return calorie > Math.min(20_000, mostPerMinute * minutes) ? calorie / 1000 : calorie
}

function deviceOf(name: string | null | undefined): RecordSource | undefined {
  return name ? { key: name, name, manufacturer: 'COROS', model: name.replace(/^COROS /, '') } : undefined
}
