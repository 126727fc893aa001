/** Every period of sleep, several a day. A day is no key of theirs. */
import { type SessionPart, stageFromNumber } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { daysOf, offsetOf, totalsOf } from '../kit/tell.ts'
import { byDate } from './collections.ts'
import { Items, itemsOf } from './items.ts'

const number = z.number().nullish()

const Sleep = z.object({
  id: z.string(),
  day: z.iso.date(),
  type: z.string(),
  bedtime_start: z.iso.datetime({ offset: true }),
  bedtime_end: z.iso.datetime({ offset: true }),
  time_in_bed: number,
  total_sleep_duration: number,
  awake_time: number,
  latency: number,
  efficiency: number,
  light_sleep_duration: number,
  deep_sleep_duration: number,
  rem_sleep_duration: number,
  average_breath: number,
  average_heart_rate: number,
  lowest_heart_rate: number,
  average_hrv: number,
  heart_rate: Items.nullish(),
  hrv: Items.nullish(),
  sleep_phase_30_sec: z.string().nullish(),
  sleep_phase_5_min: z.string().nullish(),
  restless_periods: number,
})
type Sleep = z.infer<typeof Sleep>

export const sleep = defineFeed<Sleep>({
  title: { en: 'Sleep', de: 'Schlaf', fr: 'Sommeil' },
  scopes: ['daily'],
  brings: ['sleep', 'heart_rate', 'hrv_rmssd', 'respiratory_rate'],
  ...byDate('sleep'),
  lookBackDays: 7, // nights are told again when a bedtime is edited or the algorithm reruns
  raw: Sleep,
  *read(record): Generator<Told> {
    // `rest`: a nap that the person said was none. Either may have been told as a sleep before.
    if (record.type === 'deleted' || record.type === 'rest') {
      yield { kind: 'forget', externalId: record.id }
      return
    }
    const start = Date.parse(record.bedtime_start)
    const end = Date.parse(record.bedtime_end)
    const offset = offsetOf(record.bedtime_start) ?? 0
    yield {
      kind: 'session',
      type: 'sleep',
      ...(isNap(record, end) ? { isNap: true } : {}),
      start,
      end,
      offset,
      externalId: record.id,
      totals: totalsOf({
        duration: (end - start) / 1_000,
        sleep_time_in_bed: record.time_in_bed,
        sleep_total: record.total_sleep_duration,
        sleep_awake: record.awake_time,
        sleep_light: record.light_sleep_duration,
        sleep_deep: record.deep_sleep_duration,
        sleep_rem: record.rem_sleep_duration,
        sleep_latency: record.latency,
        sleep_efficiency: record.efficiency,
        sleep_heart_rate_avg: record.average_heart_rate,
        sleep_heart_rate_min: record.lowest_heart_rate,
        hrv_rmssd_avg: record.average_hrv,
        respiratory_rate_avg: record.average_breath,
      }),
      parts: stagesOf(record, start, end),
      extra: {
        sleep_type: record.type,
        ...(record.restless_periods == null ? {} : { restless_periods: record.restless_periods }),
      },
    }
    yield* itemsOf('heart_rate', record.heart_rate)
    yield* itemsOf('hrv_rmssd', record.hrv) // RMSSD, though nothing says so
    if (record.type === 'long_sleep')
      yield* daysOf(record.day, [
        ['hrv_rmssd', record.average_hrv],
        ['respiratory_rate', record.average_breath],
      ])
  },
  sometimes: { day: 'of what has times the times count; only a long sleep states figures for its day' },
  unused: {
    period: 'the order of the periods of a day',
    movement_30_sec: 'no metric of ours',
    app_sleep_phase_5_min: 'a temporary copy of the phases for the app',
    readiness: 'daily_readiness tells the same',
    readiness_score_delta: 'what this period changed in a score of Oura’s own',
    sleep_score_delta: 'what this period changed in a score of Oura’s own',
    sleep_algorithm_version: 'how Oura counts, not the body',
    low_battery_alert: 'about the ring, not the body',
  },
})

/** One digit a stretch: 1 deep, 2 light, 3 REM, 4 awake. The finer row wins. */
function stagesOf(
  { sleep_phase_30_sec: fine, sleep_phase_5_min: coarse }: Sleep,
  start: number,
  end: number,
): SessionPart[] {
  const digits = fine || coarse || ''
  const step = fine ? 30_000 : 300_000
  const parts: SessionPart[] = []
  for (let i = 0; i < digits.length && start + i * step < end; i++) {
    const label = stageFromNumber('oura', Number(digits[i]))
    const until = Math.min(start + (i + 1) * step, end)
    const last = parts.at(-1)
    if (last?.label === label) last.end = until
    else parts.push({ kind: 'stage', start: start + i * step, end: until, label })
  }
  return parts
}

/** Shorter than a night by Oura's word, and no morning's end. */
function isNap({ type, bedtime_end }: Sleep, end: number): boolean {
  if (type === 'long_sleep') return false
  const hour = new Date(end + (offsetOf(bedtime_end) ?? 0) * 60_000).getUTCHours()
  return hour < 3 || hour >= 12
}
