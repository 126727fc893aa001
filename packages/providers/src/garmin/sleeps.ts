import { type SessionPart, stageFromWord } from '@tributary/protocol'
import { z } from 'zod'
import { given, isGiven, seriesOf, totalsOf } from '../kit/tell.ts'
import { sentFeed } from './sent-feed.ts'
import { course, isPositive, number, pointsOf, summary, text, times, timesOf } from './spelling.ts'

/** How sure Garmin is of a night, from the first guess to the last word. One that is not listed counts as a guess. */
const validations = ['AUTO_TENTATIVE', 'AUTO_FINAL', 'ENHANCED_TENTATIVE', 'ENHANCED_FINAL']
const corrected = ['AUTO_MANUAL', 'MANUAL', 'DEVICE'] // by the person, or as the device has it: nothing is better

export const sleeps = sentFeed('sleeps', 'HEALTH_EXPORT', {
  title: { en: 'Sleep', de: 'Schlaf', fr: 'Sommeil' },
  brings: ['sleep', 'sleep_score', 'respiratory_rate', 'spo2'],
  raw: summary({
    ...times,
    summaryId: z.string(),
    durationInSeconds: number,
    unmeasurableSleepInSeconds: number,
    deepSleepDurationInSeconds: number,
    lightSleepDurationInSeconds: number,
    remSleepInSeconds: number,
    awakeDurationInSeconds: number,
    sleepLevelsMap: z
      .record(z.string(), z.array(z.object({ startTimeInSeconds: z.number(), endTimeInSeconds: z.number() })))
      .nullish(),
    validation: text,
    timeOffsetSleepRespiration: course,
    timeOffsetSleepSpo2: course,
    overallSleepScore: z.object({ value: number, qualifierKey: text }).nullish(),
    naps: z.array(z.unknown()).nullish(),
  }),
  version: ({ summaryId, validation }) => ({
    key: summaryId,
    rank: corrected.includes(validation ?? '') ? validations.length : validations.indexOf(validation ?? ''),
  }),
  *read(night) {
    const { t: start, offset } = timesOf(night)
    const parts = stagesOf(night.sleepLevelsMap ?? {})
    const stated = [night.deepSleepDurationInSeconds, night.lightSleepDurationInSeconds, night.remSleepInSeconds]
    const asleep = stated.some(isGiven) ? stated.reduce<number>((sum, seconds) => sum + (seconds ?? 0), 0) : undefined
    const lasted = (night.durationInSeconds ?? 0) * 1000
    const end = parts.reduce((latest, part) => Math.max(latest, part.end), parts.length ? start : start + lasted)
    yield {
      kind: 'session',
      type: 'sleep',
      start,
      end,
      ...given({ offset }),
      externalId: `sleep:${night.summaryId}`,
      totals: totalsOf({
        duration: (end - start) / 1000,
        sleep_time_in_bed: (end - start) / 1000,
        sleep_total: asleep,
        sleep_deep: night.deepSleepDurationInSeconds,
        sleep_light: night.lightSleepDurationInSeconds,
        sleep_rem: night.remSleepInSeconds,
        sleep_awake: night.awakeDurationInSeconds,
        sleep_score: night.overallSleepScore?.value,
      }),
      parts,
      extra: given({
        // Whether it counts the time awake is said differently by Garmin's documents and its data: the stages tell.
        stated_duration: night.durationInSeconds,
        unmeasurable: night.unmeasurableSleepInSeconds,
        validation: night.validation,
        sleep_score_word: night.overallSleepScore?.qualifierKey,
        naps: night.naps?.length ? night.naps : undefined,
      }),
    }
    const zone = given({ offset })
    yield* seriesOf('respiratory_rate', pointsOf(start, night.timeOffsetSleepRespiration, isPositive), zone)
    yield* seriesOf('spo2', pointsOf(start, night.timeOffsetSleepSpo2, isPositive), zone)
  },
  unused: {
    userId: 'the connection knows whose it is',
    calendarDate: 'a night belongs to the date it ends on, as everywhere here',
  },
})

type Levels = Readonly<Record<string, readonly { startTimeInSeconds: number; endTimeInSeconds: number }[]>>

function stagesOf(levels: Levels): SessionPart[] {
  const parts: SessionPart[] = []
  for (const [level, spans] of Object.entries(levels)) {
    const label = stageFromWord(level) ?? 'unknown'
    for (const span of spans)
      parts.push({ kind: 'stage', label, start: span.startTimeInSeconds * 1000, end: span.endTimeInSeconds * 1000 })
  }
  return parts.sort((a, b) => a.start - b.start)
}
