import { tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { ProviderError } from '../kit/errors.ts'
import { defineFeed, type FetchContext, type Pages, type Told, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { RecordError } from '../kit/read-records.ts'
import { given, seriesOf, totalsOf } from '../kit/tell.ts'
import { offsetIn } from '../kit/zone.ts'

const dayMs = 86_400_000

const halfDayMs = dayMs / 2

/**
 * One local day a call: no range, no "changed since". A day without data is an empty list; one that has not begun where the ring is
 * (nowhere is it earlier than twelve hours behind UTC) is a 404.
 */
async function* dayPages(http: ProviderHttp, { from, to }: Window, { timeZone, now }: FetchContext): Pages {
  const begun = new Date(now - halfDayMs).toISOString().slice(0, 10)
  for (const date of localDates(from, to, timeZone)) {
    const expects = date > begun ? [404] : []
    const { status, body } = await http.get('/api/partners/v1/user_data/metrics', { date }, { expects })
    if (status !== 404) yield numbered(itemsOf(body)).map((item) => ({ date, ...item }))
  }
}

const slept = z.object({
  type: z.string().regex(/^sleep$/i),
  object: z.object({ bedtime_start: z.number(), bedtime_end: z.number() }),
})

/** Naps are not marked, and a date may have several sleeps: the longest is its first, and the others are counted as they follow. */
function numbered(items: readonly unknown[]): object[] {
  const sleeps = items.flatMap((item) => {
    const parsed = slept.safeParse(item)
    if (!parsed.success) return []
    const { bedtime_start: start, bedtime_end: end } = parsed.data.object
    return [{ item, start, length: end - start }]
  })
  const [longest] = [...sleeps].sort((a, b) => b.length - a.length)
  const others = sleeps.filter((one) => one !== longest).sort((a, b) => a.start - b.start)
  const numbers = new Map(others.map(({ item }, i) => [item, i + 2]))
  return items.map((item) => ({ ...(item as object), ...given({ nth: numbers.get(item) }) }))
}

function* localDates(from: number, to: number, timeZone: string): Generator<string> {
  const wallOf = (t: number) => t + (offsetIn(timeZone, t) ?? 0) * 60_000
  const last = Math.floor(wallOf(to - 1) / dayMs)
  for (let day = Math.floor(wallOf(from) / dayMs); day <= last; day++)
    yield new Date(day * dayMs).toISOString().slice(0, 10)
}

/** The list itself, or what it is wrapped in. */
function itemsOf(body: unknown): unknown[] {
  if (body === undefined || body === null) return []
  if (Array.isArray(body)) return body
  const wrapped = z.object({ data: z.unknown().optional() }).safeParse(body)
  const data = wrapped.success ? wrapped.data.data : undefined
  if (Array.isArray(data)) return data
  const list = data && typeof data === 'object' ? Object.values(data).find(Array.isArray) : undefined
  if (list) return list
  if (data === null) return []
  throw new ProviderError('bad_data', 'Ultrahuman answered with what is no list')
}

const number = z.number().nullish()
const typed = z.array(z.object({ type: z.string(), value: number })).nullish()
const object = z.object({
  values: z.array(z.object({ timestamp: z.number(), value: number })).nullish(),
  value: number,
  bedtime_start: number,
  bedtime_end: number,
  quick_metrics: typed,
  sleep_stages: z.array(z.object({ type: z.string(), stage_time: number })).nullish(),
  sleep_graph: z
    .object({ data: z.array(z.object({ type: z.string(), start: z.number(), end: z.number() })).nullish() })
    .nullish(),
})
type Values = z.infer<typeof object>

/** By the type's name in lower case, since they mix: what its values are. A metric that is stated for a day has one `value`. */
const measured: Readonly<Record<string, readonly [metric: string, unit?: string]>> = tableOf({
  hr: ['heart_rate'],
  temp: ['skin_temperature', '°C'],
  steps: ['steps'], // of each slot; how long one is, is not said
  spo2: ['spo2', '%'],
  recovery: ['recovery_score'],
  recovery_index: ['recovery_score'],
  sleep_rhr: ['resting_heart_rate'],
  active_minutes: ['active_duration', 'min'],
  vo2_max: ['vo2max'],
  glucose: ['blood_glucose', 'mg/dL'],
})

const variability = 'Ultrahuman does not say which variability it means (RMSSD or SDNN), so it is kept but not read'
const notRead: Readonly<Record<string, string>> = tableOf({ hrv: variability, avg_sleep_hrv: variability })

/** Seen in answers, and told by none of our metrics. */
export const withoutMetric: Readonly<Record<string, string>> = tableOf({
  night_rhr: 'the pulse of the night, which `hr` tells',
  motion: 'no unit is documented',
  movement_index: 'a score of Ultrahuman’s own',
  metabolic_score: 'a score of Ultrahuman’s own',
  average_glucose: 'made of the course of `glucose`',
  glucose_variability: 'made of the course of `glucose`',
  time_in_target: 'made of the course of `glucose`',
  hba1c: 'an estimate from the course of `glucose`, where ours is one of a laboratory',
})

const stageOf: Readonly<Record<string, string>> = tableOf({
  deep_sleep: 'deep',
  light_sleep: 'light',
  rem_sleep: 'rem',
  awake: 'awake',
})

export const metrics = defineFeed({
  title: { en: 'Ring and glucose sensor', de: 'Ring und Glukosesensor', fr: 'Bague et capteur de glucose' },
  scopes: ['ring_data', 'cgm_data'],
  brings: [
    'heart_rate',
    'skin_temperature',
    'spo2',
    'steps',
    'active_duration',
    'sleep',
    'resting_heart_rate',
    'recovery_score',
    'vo2max',
    'blood_glucose',
  ],
  windowDays: 30,
  lookBackDays: 3, // processed late
  fetch: dayPages,
  raw: z.object({ date: z.string(), type: z.string(), object, nth: z.number().optional() }),
  *read({ date, type, object, nth }) {
    const name = type.toLowerCase()
    if (name === 'sleep') return yield* nightOf(object, nth === undefined ? date : `${date}/${nth}`)
    if (Object.hasOwn(withoutMetric, name)) return
    const [metric, unit] = measured[name] ?? []
    if (!metric) throw new RecordError(notRead[name] ?? `what “${type.slice(0, 40)}” measures is not known`)
    const points = (object.values ?? []).flatMap(({ timestamp, value }) =>
      typeof value === 'number' ? [[timestamp * 1000, value] as const] : [],
    )
    yield* seriesOf(metric, points, unit === undefined ? {} : { unit })
    if (typeof object.value === 'number')
      yield { kind: 'day', metric, date, value: object.value, ...(unit === undefined ? {} : { unit }) }
  },
  sometimes: {
    date: 'of a course each value has its own time',
    'object.values.*.timestamp': 'not of a value that is missing',
  },
  unused: {
    'object.day_start_timestamp': 'the date says it',
    'object.title': 'a name of the type',
    'object.unit': 'each type has one',
    'object.last_reading': 'the last of the values',
    'object.avg': 'made of the values',
    'object.total': 'the sum of the values',
    'object.subtitle': 'what a chart of theirs says',
    'object.trend_title': 'what a chart of theirs says',
    'object.trend_direction': 'what a chart of theirs says',
    'object.sleep_graph.title': 'what a chart of theirs says',
  },
})

/** How long each stage lasted; when, where there is a graph. It is known by its date and number, however its times are corrected. */
function* nightOf(
  { bedtime_start, bedtime_end, quick_metrics, sleep_stages, sleep_graph }: Values,
  name: string,
): Generator<Told> {
  if (!bedtime_start || !bedtime_end) throw new RecordError('a night without its times')
  const quick = new Map((quick_metrics ?? []).map(({ type, value }) => [type, value]))
  const stages = new Map((sleep_stages ?? []).map(({ type, stage_time }) => [type, stage_time]))
  const asleep = ['deep_sleep', 'light_sleep', 'rem_sleep'].map((stage) => stages.get(stage))
  const duration = bedtime_end - bedtime_start
  yield {
    kind: 'session',
    type: 'sleep',
    start: bedtime_start * 1000,
    end: bedtime_end * 1000,
    externalId: `sleep:${name}`,
    totals: totalsOf({
      duration,
      sleep_time_in_bed: quick.get('time_in_bed') ?? duration,
      sleep_efficiency: quick.get('sleep_efic'),
      sleep_total: stages.size ? asleep.reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0) : undefined,
      sleep_deep: stages.get('deep_sleep'),
      sleep_light: stages.get('light_sleep'),
      sleep_rem: stages.get('rem_sleep'),
      sleep_awake: stages.get('awake'),
    }),
    parts: (sleep_graph?.data ?? []).map(({ type, start, end }) => ({
      kind: 'stage',
      label: stageOf[type] ?? 'unknown',
      start: start * 1000,
      end: end * 1000,
    })),
  }
}
