/** A night belongs to the date of its waking up. */
import { type SessionPart, stageFromNumber } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { given, offsetOf, seriesOf, totalsOf } from '../kit/tell.ts'
import { alongNight } from './clock.ts'
import { deviceOf } from './devices.ts'
import { listOf, oneOf, reaches } from './lists.ts'

const number = z.number().nullish()
const byClock = z.record(z.string(), z.number()).nullish()

const Night = z.object({
  date: z.iso.date(),
  sleep_start_time: z.iso.datetime({ offset: true }),
  sleep_end_time: z.iso.datetime({ offset: true }),
  device_id: z.string().nullish(),
  continuity: number,
  light_sleep: number,
  deep_sleep: number,
  rem_sleep: number,
  unrecognized_sleep_stage: number,
  total_interruption_duration: number,
  sleep_score: number,
  sleep_cycles: number,
  hypnogram: byClock,
  heart_rate_samples: byClock,
})
type Night = z.infer<typeof Night>

export const sleep = defineFeed<Night>({
  title: { en: 'Sleep', de: 'Schlaf', fr: 'Sommeil' },
  brings: ['sleep', 'sleep_score', 'heart_rate'],
  windowDays: 28,
  lookBackDays: 3,
  historyDays: 28,
  async *fetch(http, window, { now }) {
    if (reaches(window, now, 29)) yield* listOf(http, '/users/sleep', {}, 'nights')
  },
  fetchOne: (http, date) => oneOf(http, `/users/sleep/${encodeURIComponent(date)}`),
  raw: Night,
  source: ({ device_id }) => deviceOf(device_id),
  *read(night): Generator<Told> {
    const start = Date.parse(night.sleep_start_time)
    const end = Date.parse(night.sleep_end_time)
    const offset = offsetOf(night.sleep_start_time) ?? 0
    const { light_sleep = 0, deep_sleep = 0, rem_sleep = 0, unrecognized_sleep_stage = 0 } = night
    const score = night.sleep_score ?? 0
    yield {
      kind: 'session',
      type: 'sleep',
      start,
      end,
      offset,
      externalId: `sleep:${night.date}`,
      totals: totalsOf({
        duration: (end - start) / 1_000,
        sleep_time_in_bed: (end - start) / 1_000,
        sleep_total: (light_sleep ?? 0) + (deep_sleep ?? 0) + (rem_sleep ?? 0) + (unrecognized_sleep_stage ?? 0),
        sleep_light: night.light_sleep,
        sleep_deep: night.deep_sleep,
        sleep_rem: night.rem_sleep,
        sleep_awake: night.total_interruption_duration,
        sleep_score: score >= 1 && score <= 100 ? score : undefined, // anything else: not worked out
      }),
      parts: stagesOf(night, start, end, offset),
      derived: ['sleep_time_in_bed', 'sleep_total'],
      extra: given({ continuity: night.continuity, sleep_cycles: night.sleep_cycles }),
    }
    yield* seriesOf('heart_rate', alongNight(night.heart_rate_samples, start, offset), { offset })
  },
  unused: {
    continuity_class: 'continuity says it more exactly',
    short_interruption_duration: 'a part of all interruptions, which the stages show',
    long_interruption_duration: 'a part of all interruptions, which the stages show',
    sleep_charge: 'how the night compares with others, on a scale of Polar’s own',
    sleep_goal: 'an aim, not a measurement',
  },
})

/** Each key begins a stage that lasts until the next, the last until waking up. */
function stagesOf({ hypnogram }: Night, start: number, end: number, offset: number): SessionPart[] {
  const marks = alongNight(hypnogram, start, offset)
  return marks.flatMap(([at, code], i): SessionPart[] => {
    const from = Math.max(at, start)
    const until = Math.min(marks[i + 1]?.[0] ?? end, end)
    return until > from ? [{ kind: 'stage', label: stageFromNumber('polar', code), start: from, end: until }] : []
  })
}
