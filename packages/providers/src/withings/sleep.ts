/** A night as Withings sums it up, with its stages and courses from a second call. */
import { type SessionPart, stageFromNumber } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { daysOf, isGiven, seriesOf, totalsOf } from '../kit/tell.ts'
import { offsetIn } from '../kit/zone.ts'
import { call, datesOf, listOf, pagesOf } from './call.ts'
import { deviceOf } from './devices.ts'

const number = z.number().nullish()
const text = z.string().nullish()
const course = z.record(z.string(), z.number()).nullish()

const Figures = z.object({
  total_timeinbed: number,
  total_sleep_time: number,
  lightsleepduration: number,
  deepsleepduration: number,
  remsleepduration: number,
  wakeupduration: number,
  sleep_efficiency: number,
  sleep_latency: number,
  wakeupcount: number,
  hr_average: number,
  hr_min: number,
  hr_max: number,
  rr_average: number,
  snoring: number,
  sleep_score: number,
  breathing_disturbances_intensity: number,
  apnea_hypopnea_index: number,
})

const Night = z.object({
  id: z.union([z.number(), z.string()]),
  timezone: z.string(),
  startdate: z.number(),
  enddate: z.number(),
  date: z.iso.date(),
  hash_deviceid: text,
  data: Figures,
})

const Segment = z.object({
  startdate: z.number(),
  enddate: z.number(),
  state: z.number(),
  hr: course,
  rr: course,
  rmssd: course,
  sdnn_1: course,
})

const Record = z.object({ night: Night, segments: z.array(Segment) })

const courses = [
  ['hr', 'heart_rate'],
  ['rr', 'respiratory_rate'],
  ['rmssd', 'hrv_rmssd'],
  ['sdnn_1', 'hrv_sdnn'],
] as const

export const sleep = defineFeed<z.infer<typeof Record>>({
  title: { en: 'Sleep', de: 'Schlaf', fr: 'Sommeil' },
  scopes: ['user.activity'],
  brings: [
    'sleep',
    'heart_rate',
    'hrv_rmssd',
    'hrv_sdnn',
    'respiratory_rate',
    'ahi',
    'breathing_disturbance_index',
    'snoring_duration',
  ],
  windowDays: 7,
  lookBackDays: 3,
  async *fetch(http, window) {
    const query = { ...datesOf(window), data_fields: `${Object.keys(Figures.shape).join(',')},waso` }
    for await (const page of pagesOf(http, '/v2/sleep', 'getsummary', 'series', query)) {
      const records: unknown[] = []
      for (const night of readAnswer(z.array(z.looseObject({ startdate: z.number(), enddate: z.number() })), page)) {
        const span = { startdate: night.startdate, enddate: night.enddate }
        const { series } = await call(http, '/v2/sleep', 'get', { ...span, data_fields: 'hr,rr,rmssd,sdnn_1' })
        records.push({ night, segments: listOf(series) })
      }
      yield records
    }
  },
  raw: Record,
  source: ({ night }) => deviceOf(night),
  *read({ night: { id, timezone, startdate, enddate, date, data }, segments }): Generator<Told> {
    const start = startdate * 1_000
    const end = enddate * 1_000
    const offset = offsetIn(timezone, end)
    yield {
      kind: 'session',
      type: 'sleep',
      start,
      end,
      ...(offset === undefined ? {} : { offset }),
      externalId: `sleep:${id}`,
      totals: totalsOf({
        duration: enddate - startdate,
        sleep_time_in_bed: data.total_timeinbed,
        sleep_total: data.total_sleep_time,
        sleep_light: data.lightsleepduration,
        sleep_deep: data.deepsleepduration,
        sleep_rem: data.remsleepduration,
        sleep_awake: data.wakeupduration,
        sleep_awakenings: data.wakeupcount,
        sleep_efficiency: isGiven(data.sleep_efficiency) ? data.sleep_efficiency * 100 : undefined, // a share of 1
        sleep_latency: data.sleep_latency,
        sleep_score: data.sleep_score,
        sleep_heart_rate_avg: data.hr_average,
        sleep_heart_rate_min: data.hr_min,
        heart_rate_max: data.hr_max,
        respiratory_rate_avg: data.rr_average,
      }),
      parts: segments.map(partOf),
    }
    yield* daysOf(date, [
      ['respiratory_rate', data.rr_average],
      ['breathing_disturbance_index', data.breathing_disturbances_intensity],
      ['ahi', data.apnea_hypopnea_index],
      ['snoring_duration', data.snoring],
    ])
    for (const [name, metric] of courses) {
      const points = segments.flatMap((segment) =>
        Object.entries(segment[name] ?? {}).map(([t, value]) => [Number(t) * 1_000, value] as const),
      )
      yield* seriesOf(metric, points, offset === undefined ? {} : { offset })
    }
  },
  unused: {
    'night.model': 'what kind of thing it is, in numbers',
    'night.model_id': 'a number for the model',
    'night.created': 'when Withings wrote it down',
    'night.modified': 'when Withings last counted',
    'night.completed': 'false while it goes on; it is told again',
    'night.data.waso': 'being awake after falling asleep, which the stages show',
    'segments.*.model': 'the model of the night’s thing',
    'segments.*.model_id': 'a number for the model',
    'segments.*.hash_deviceid': 'the night’s thing',
    'segments.*.snoring': 'snoring by the minute; the night says how long it was',
  },
})

const partOf = ({ startdate, enddate, state }: z.infer<typeof Segment>): SessionPart => ({
  kind: 'stage',
  label: stageFromNumber('withings', state),
  start: startdate * 1_000,
  end: enddate * 1_000,
})
