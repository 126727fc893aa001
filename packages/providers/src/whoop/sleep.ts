import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { daysOf, given, isGiven, totalsOf } from '../kit/tell.ts'
import { newest, oneOf, onePage, pagesOf, reread } from './lists.ts'
import { localDate, minutesOf } from './nights.ts'

const number = z.number().nullish()

const Score = z.object({
  stage_summary: z.object({
    total_in_bed_time_milli: number,
    total_awake_time_milli: number,
    total_no_data_time_milli: number,
    total_light_sleep_time_milli: number,
    total_slow_wave_sleep_time_milli: number,
    total_rem_sleep_time_milli: number,
    sleep_cycle_count: number,
    disturbance_count: number,
  }),
  sleep_needed: z.record(z.string(), z.number()).nullish(),
  respiratory_rate: number,
  sleep_performance_percentage: number,
  sleep_consistency_percentage: number,
  sleep_efficiency_percentage: number,
})

const Sleep = z.object({
  id: z.string(),
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  timezone_offset: z.string(),
  updated_at: z.string(),
  nap: z.boolean().nullish(),
  score_state: z.string(),
  score: Score.nullish(),
})

const seconds = (ms: number | null | undefined) => (isGiven(ms) ? ms / 1_000 : ms)

export const sleep = defineFeed<z.infer<typeof Sleep>>({
  title: { en: 'Sleep', de: 'Schlaf', fr: 'Sommeil' },
  scopes: ['read:sleep'],
  brings: ['sleep', 'sleep_score', 'respiratory_rate'],
  ...reread,
  fetch: (http, window) => pagesOf(http, '/v2/activity/sleep', window),
  fetchOne: (http, id) => onePage(oneOf(http, `/v2/activity/sleep/${encodeURIComponent(id)}`)),
  raw: Sleep,
  version: newest,
  *read({ id, nap, score_state, score, ...record }): Generator<Told> {
    const start = Date.parse(record.start)
    const end = Date.parse(record.end)
    // Without a score (pending, or never to be had) it is a sleep all the same; a later version brings the rest.
    const stages = score?.stage_summary
    yield {
      kind: 'session',
      type: 'sleep',
      ...(nap ? { isNap: true } : {}),
      start,
      end,
      offset: minutesOf(record.timezone_offset),
      externalId: id,
      totals: totalsOf({
        duration: (end - start) / 1_000,
        sleep_time_in_bed: seconds(stages?.total_in_bed_time_milli),
        ...(stages ? { sleep_total: asleepOf(stages) } : {}),
        sleep_awake: seconds(stages?.total_awake_time_milli),
        sleep_light: seconds(stages?.total_light_sleep_time_milli),
        sleep_deep: seconds(stages?.total_slow_wave_sleep_time_milli),
        sleep_rem: seconds(stages?.total_rem_sleep_time_milli),
        sleep_efficiency: score?.sleep_efficiency_percentage,
        sleep_score: score?.sleep_performance_percentage,
        respiratory_rate_avg: score?.respiratory_rate,
      }),
      parts: [], // WHOOP tells how long each stage was, never when
      ...(stages ? { derived: ['sleep_total'] } : {}),
      extra: given<Record<string, unknown>>({
        score_state,
        no_data: seconds(stages?.total_no_data_time_milli),
        sleep_cycles: stages?.sleep_cycle_count,
        disturbances: stages?.disturbance_count,
        sleep_needed_ms: score?.sleep_needed,
        consistency: score?.sleep_consistency_percentage,
      }),
    }
    if (!nap)
      yield* daysOf(localDate(record.end, record.timezone_offset), [['respiratory_rate', score?.respiratory_rate]])
  },
  unused: {
    updated_at: 'only tells which of two tellings is the later',
    cycle_id: 'the day it belongs to, which its end says',
    user_id: 'the account itself',
    created_at: 'when WHOOP wrote it down',
  },
})

const asleepOf = (stages: z.infer<typeof Score>['stage_summary']): number =>
  ((stages.total_light_sleep_time_milli ?? 0) +
    (stages.total_slow_wave_sleep_time_milli ?? 0) +
    (stages.total_rem_sleep_time_milli ?? 0)) /
  1_000
