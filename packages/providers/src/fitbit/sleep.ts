import { type SessionPart, stageFromWord } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed } from '../kit/feed.ts'
import { given, totalsOf } from '../kit/tell.ts'
import { scope } from './auth.ts'
import { byTime, pointsOf } from './pages.ts'
import { sourceOf, unusedOfInterval, unusedOfSource } from './source.ts'
import { amount, dataSource, idOf, interval, numberOf, offsetOf, text } from './wire.ts'

/** Short wakings and times out of bed lie across the stages, and are no stages of their own. */
const across = z.array(z.object({ startTime: z.string(), endTime: z.string() })).nullish()
const stretchesOf = (list: z.infer<typeof across>) =>
  list?.length ? list.map(({ startTime, endTime }) => ({ start: startTime, end: endTime })) : undefined

const ofNight = 'a night is told in the zone in which it began'
const ofWriting = 'when Google wrote it'

const minutes = (value: z.infer<typeof amount>): number | undefined => {
  const given = numberOf(value)
  return given === undefined ? undefined : given * 60
}

export const sleep = defineFeed({
  title: { en: 'Sleep', de: 'Schlaf', fr: 'Sommeil' },
  scopes: [scope.sleep],
  brings: ['sleep'],
  windowDays: 14,
  lookBackDays: 7,
  /** A night belongs to its end, and is asked for by it. */
  fetch: (http, window) => pointsOf(http, 'sleep', 'list', byTime('sleep.interval.end_time', window), 25),
  raw: z.object({
    name: z.string(),
    dataSource,
    sleep: z.object({
      type: text,
      interval,
      stages: z.array(z.object({ type: z.string(), startTime: z.string(), endTime: z.string() })).nullish(),
      shortAwakenings: across,
      outOfBedSegments: across,
      summary: z
        .object({
          minutesInSleepPeriod: amount,
          minutesAsleep: amount,
          minutesAwake: amount,
          minutesToFallAsleep: amount,
          minutesAfterWakeUp: amount,
          stagesSummary: z.array(z.object({ type: text, minutes: amount, count: amount })).nullish(),
        })
        .nullish(),
      metadata: z
        .object({
          nap: z.boolean().nullish(),
          processed: z.boolean().nullish(),
          stagesStatus: text,
          manuallyEdited: z.boolean().nullish(),
        })
        .nullish(),
      updateTime: text,
    }),
  }),
  source: (record) => sourceOf(record),
  version: ({ name, sleep }) => ({ key: name, rank: Date.parse(sleep.updateTime ?? '') || 0 }),
  *read({ name, sleep }) {
    const { type, interval, stages, summary, metadata } = sleep
    const [start, end] = [Date.parse(interval.startTime), Date.parse(interval.endTime)]
    const parts = (stages ?? []).map(
      (stage): SessionPart => ({
        kind: 'stage',
        label: stageFromWord(stage.type) ?? 'unknown',
        start: Date.parse(stage.startTime),
        end: Date.parse(stage.endTime),
      }),
    )
    const sums = new Map(
      (summary?.stagesSummary ?? []).map((sum) => [stageFromWord(sum.type ?? ''), minutes(sum.minutes)]),
    )
    yield {
      kind: 'session',
      type: 'sleep',
      start,
      end,
      ...given({ offset: offsetOf(interval.startUtcOffset), isNap: metadata?.nap || undefined }),
      externalId: `sleep:${idOf(name)}`,
      totals: totalsOf({
        duration: (end - start) / 1000,
        sleep_time_in_bed: minutes(summary?.minutesInSleepPeriod) ?? (end - start) / 1000,
        sleep_total: minutes(summary?.minutesAsleep),
        sleep_awake: minutes(summary?.minutesAwake),
        sleep_latency: minutes(summary?.minutesToFallAsleep),
        // A classic night knows asleep, restless and awake only: it has no such stages.
        ...(type === 'CLASSIC'
          ? {}
          : { sleep_light: sums.get('light'), sleep_deep: sums.get('deep'), sleep_rem: sums.get('rem') }),
      }),
      parts: parts.sort((a, b) => a.start - b.start),
      extra: given({
        type,
        stages_status: metadata?.stagesStatus,
        may_change: metadata?.processed === false || undefined,
        edited: metadata?.manuallyEdited || undefined,
        minutes_after_waking: numberOf(summary?.minutesAfterWakeUp),
        short_wakings: stretchesOf(sleep.shortAwakenings),
        out_of_bed: stretchesOf(sleep.outOfBedSegments),
        stages_summary: summary?.stagesSummary?.length ? summary.stagesSummary : undefined,
      }),
    }
  },
  unused: {
    ...unusedOfSource,
    'dataSource.recordingMethod': 'a night is recorded by the device that is named',
    ...unusedOfInterval('sleep'),
    'sleep.metadata.mainSleep': 'what is no nap is the night',
    'sleep.metadata.externalId': 'an id of the app that wrote it; Google’s own finds it again',
    'sleep.createTime': 'when Google first had it',
    ...Object.fromEntries(
      ['stages', 'shortAwakenings', 'outOfBedSegments'].flatMap((list) => [
        [`sleep.${list}.*.startUtcOffset`, ofNight],
        [`sleep.${list}.*.endUtcOffset`, ofNight],
      ]),
    ),
    'sleep.stages.*.createTime': ofWriting,
    'sleep.stages.*.updateTime': ofWriting,
    'sleep.shortAwakenings.*.type': 'they are all awake',
    'sleep.shortAwakenings.*.createTime': ofWriting,
    'sleep.shortAwakenings.*.updateTime': ofWriting,
    'sleep.updateTime': 'only tells which of two tellings is the later',
  },
})
