/** What a watch measures around the clock: sleep, activity, recovery, and the sums of days. */
import { tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { readAnswer } from '../kit/read-answer.ts'
import { RecordError } from '../kit/read-records.ts'
import { dateOf, given, isGiven, offsetOf, samplesOf, totalsOf } from '../kit/tell.ts'
import { bpmOf, percentOf } from './envelope.ts'

const number = z.number().nullish()
const scopes = ['workout']
const entry = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ timestamp: z.string(), entryData: z.object(shape) })

const night = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ entryData: z.object(shape) })

/** `to` is included by Suunto and not by us; 28 days are the most. */
const samples = (kind: string) =>
  async function* (http: ProviderHttp, { from, to }: Window, _context: FetchContext): Pages {
    const { body } = await http.get(`/247samples/${kind}`, { from, to: to - 1 })
    yield readAnswer(z.array(z.unknown()), body ?? [])
  }
const stretch = { scopes, windowDays: 28, lookBackDays: 3 } as const // what a webhook missed is not sent again

const momentOf = (timestamp: string): number => {
  const t = Date.parse(timestamp)
  if (Number.isNaN(t)) throw new RecordError('the time of a sample cannot be read')
  return t
}
const at = (timestamp: string) => ({ t: momentOf(timestamp), ...given({ offset: offsetOf(timestamp) }) })

const same = { timestamp: 'the night has its own times', 'entryData.DateTime': 'the time of the sample, once more' }
/** Which variability it is, is not said: taken for RMSSD, as nearly everybody's, with a quality that is not known. */
const assumed = 'unknown'

export const sleep = defineFeed({
  ...stretch,
  title: { en: 'Sleep', de: 'Schlaf', fr: 'Sommeil' },
  brings: ['sleep', 'hrv_rmssd', 'spo2'],
  fetch: samples('sleep'),
  raw: night({
    SleepId: z.union([z.number(), z.string()]),
    BedtimeStart: z.string(),
    BedtimeEnd: z.string(),
    Duration: number,
    DeepSleepDuration: number,
    LightSleepDuration: number,
    REMSleepDuration: number,
    SleepOnsetLatencyDuration: number,
    WakeAfterSleepOnsetDuration: number,
    WakeBeforeOffBedDuration: number,
    HRAvg: number,
    HRMin: number,
    AvgHRV: number,
    AvgHRVSampleCount: number,
    MaxSpo2: number,
    SleepQualityScore: number,
    IsNap: z.boolean().nullish(),
    Feeling: number,
  }),
  /** A night grows and is corrected under the same id. */
  *read({ entryData: night }) {
    const [start, end] = [momentOf(night.BedtimeStart), momentOf(night.BedtimeEnd)]
    const stages = [night.DeepSleepDuration, night.LightSleepDuration, night.REMSleepDuration]
    const awake = [night.WakeAfterSleepOnsetDuration, night.WakeBeforeOffBedDuration]
    const offset = offsetOf(night.BedtimeStart)
    yield {
      kind: 'session',
      type: 'sleep',
      start,
      end,
      externalId: `sleep:${night.SleepId}`,
      ...given({ offset, isNap: night.IsNap || undefined }),
      totals: totalsOf({
        duration: (end - start) / 1000,
        sleep_time_in_bed: (end - start) / 1000,
        sleep_total: sumOf(stages),
        sleep_deep: night.DeepSleepDuration,
        sleep_light: night.LightSleepDuration,
        sleep_rem: night.REMSleepDuration,
        sleep_awake: sumOf(awake),
        sleep_latency: night.SleepOnsetLatencyDuration,
        sleep_score: night.SleepQualityScore,
        sleep_heart_rate_avg: bpmOf(night.HRAvg),
        sleep_heart_rate_min: bpmOf(night.HRMin),
      }),
      parts: [], // how long each stage lasted, not when
      extra: given({
        stated_duration: night.Duration,
        hrv_samples: night.AvgHRVSampleCount,
        feeling: night.Feeling,
      }),
    }
    if (night.IsNap) return
    const date = dateOf(end, offsetOf(night.BedtimeEnd) ?? 0)
    if (isGiven(night.AvgHRV)) yield { kind: 'day', metric: 'hrv_rmssd', date, value: night.AvgHRV, quality: assumed }
    const spo2 = percentOf(night.MaxSpo2)
    if (isGiven(spo2)) yield { kind: 'day', metric: 'spo2', date, value: spo2 }
  },
  unused: same,
})

function sumOf(parts: readonly (number | null | undefined)[]): number | undefined {
  return parts.some(isGiven) ? parts.reduce<number>((sum, part) => sum + (part ?? 0), 0) : undefined
}

const stepMs = 600_000

export const activity = defineFeed({
  ...stretch,
  title: { en: 'Daily activity', de: 'Alltagsaktivität', fr: 'Activité quotidienne' },
  brings: ['heart_rate', 'steps', 'energy_total', 'hrv_rmssd', 'spo2', 'elevation'],
  fetch: samples('activity'),
  raw: entry({
    HR: number,
    StepCount: number,
    EnergyConsumption: number,
    HRV: number,
    SpO2: number,
    Altitude: number,
  }),
  *read({ timestamp, entryData: sample }) {
    const moment = at(timestamp)
    yield* samplesOf(moment, [
      ['heart_rate', bpmOf(sample.HR)],
      ['spo2', percentOf(sample.SpO2)],
      ['elevation', sample.Altitude],
    ])
    yield* samplesOf({ ...moment, quality: assumed }, [['hrv_rmssd', sample.HRV || undefined]])
    yield* samplesOf({ ...moment, duration: stepMs }, [
      ['steps', sample.StepCount],
      ['energy_total', sample.EnergyConsumption, 'J'], // with what the body needs at rest: a day has 9 MJ of it
    ])
  },
  unused: {
    'entryData.HRExt.Min': 'the lowest of ten minutes, without its time',
    'entryData.HRExt.Max': 'the highest of ten minutes, without its time',
  },
})

export const recovery = defineFeed({
  ...stretch,
  title: { en: 'Recovery', de: 'Erholung', fr: 'Récupération' },
  brings: ['energy_reserve'],
  fetch: samples('recovery'),
  raw: entry({ Balance: number }),
  read: ({ timestamp, entryData: { Balance } }) => samplesOf(at(timestamp), [['energy_reserve', percentOf(Balance)]]),
  unused: { 'entryData.StressState': 'one of four words (relaxing, active, passive, stressful), no score' },
})

const statistics = z.array(
  z.object({
    Name: z.string(),
    Aggregation: z.string().nullish(),
    Sources: z.array(z.object({ Name: z.string().nullish(), Samples: z.array(z.unknown()) })),
  }),
)

/** One record for each sum of each watch: several watches are several sources, and are not added up. */
async function* daySums(http: ProviderHttp, { from, to }: Window, _context: FetchContext): Pages {
  const query = { startdate: new Date(from).toISOString(), enddate: new Date(to - 1).toISOString() }
  const { body } = await http.get('/247samples/daily-activity-statistics', query)
  yield readAnswer(statistics, body ?? []).flatMap(({ Name, Aggregation, Sources }) =>
    Sources.flatMap((source) =>
      source.Samples.map((sample) => ({ Name, Aggregation, Source: source.Name, Sample: sample })),
    ),
  )
}

const sums: Readonly<Record<string, readonly [metric: string, unit?: string]>> = tableOf({
  stepcount: ['steps'],
  energyconsumption: ['energy_total', 'J'],
})

export const days = defineFeed({
  ...stretch,
  title: { en: 'Days', de: 'Tage', fr: 'Jours' },
  brings: ['steps', 'energy_total'],
  fetch: daySums,
  raw: z.object({
    Name: z.string(),
    Source: z.string().nullish(),
    Sample: z.object({ TimeISO8601: z.string(), Value: number }),
  }),
  source: ({ Source }) =>
    Source ? { key: Source, name: `Suunto ${Source}`, manufacturer: 'Suunto', serial: Source } : undefined,
  *read({ Name, Sample: { TimeISO8601, Value } }) {
    const [metric, unit] = sums[Name.toLowerCase()] ?? []
    if (!metric) throw new RecordError(`a day’s ${Name.slice(0, 40)} has no metric`)
    if (isGiven(Value)) yield { kind: 'day', metric, date: TimeISO8601.slice(0, 10), value: Value, ...given({ unit }) }
  },
  unused: { Aggregation: 'both are sums' },
})
