/** A night belongs to the date of its waking up. */

import type { SessionPart, SleepStage } from '@tributary/protocol'
import { tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { given, offsetOf, totalsOf } from '../kit/tell.ts'
import { deviceIn, Reference } from './devices.ts'
import { byDay } from './lists.ts'
import { number, seconds } from './wire.ts'

const instant = z.iso.datetime({ offset: true })
const length = seconds.nullish()

const Night = z.object({
  sleepDate: z.iso.date(),
  sleepResult: z
    .object({
      hypnogram: z.object({
        sleepStart: instant,
        sleepEnd: instant,
        sleepStateChanges: z.array(z.object({ offsetFromStart: seconds, newState: z.string() })).nullish(),
        deviceReference: Reference,
      }),
      sleepCycles: z.array(z.looseObject({})).nullish(),
    })
    .nullish(),
  sleepEvaluation: z
    .object({
      asleepDuration: length,
      analysis: z.object({ continuityIndex: number }).nullish(),
      phaseDurations: z.object({ wake: length, rem: length, light: length, deep: length }).nullish(),
    })
    .nullish(),
  sleepScore: z.object({ sleepScore: number }).nullish(),
})
type Night = z.infer<typeof Night>
type Hypnogram = NonNullable<Night['sleepResult']>['hypnogram']

const states: Readonly<Record<string, SleepStage>> = tableOf({
  SLEEP_STATE_WAKE: 'awake',
  SLEEP_STATE_REM: 'rem',
  SLEEP_STATE_NON_REM1: 'light',
  SLEEP_STATE_NON_REM2: 'light',
  SLEEP_STATE_NON_REM3: 'deep',
})

const why = {
  parts: 'a part of the score',
  clock: 'a setting of the watch, not the night',
  breaks: 'the stages show it',
}

export const sleep = defineFeed<Night>({
  title: { en: 'Sleep', de: 'Schlaf', fr: 'Sommeil' },
  scopes: ['sleep:read'],
  brings: ['sleep', 'sleep_score'],
  ...byDay({
    path: '/sleeps',
    names: ['nightSleeps'],
    at: 'sleepDate',
    features: ['sleep-result', 'sleep-evaluation', 'sleep-score'],
  }),
  raw: Night,
  source: ({ sleepResult }) => deviceIn(sleepResult?.hypnogram.deviceReference),
  *read({ sleepDate, sleepResult, sleepEvaluation, sleepScore }): Generator<Told> {
    if (!sleepResult) return // a date on which nothing was worked out yet
    const { hypnogram, sleepCycles } = sleepResult
    const [start, end] = [Date.parse(hypnogram.sleepStart), Date.parse(hypnogram.sleepEnd)]
    const { wake, rem, light, deep } = sleepEvaluation?.phaseDurations ?? {}
    const score = sleepScore?.sleepScore ?? 0
    yield {
      kind: 'session',
      type: 'sleep',
      start,
      end,
      offset: offsetOf(hypnogram.sleepStart) ?? 0,
      externalId: `sleep:${sleepDate}`,
      totals: totalsOf({
        duration: (end - start) / 1_000,
        sleep_time_in_bed: (end - start) / 1_000,
        sleep_total: sleepEvaluation?.asleepDuration,
        sleep_light: light,
        sleep_deep: deep,
        sleep_rem: rem,
        sleep_awake: wake,
        sleep_score: score >= 1 && score <= 100 ? score : undefined, // anything else: not worked out
      }),
      parts: stagesOf(hypnogram, start, end),
      derived: ['sleep_time_in_bed'],
      extra: given({ continuity: sleepEvaluation?.analysis?.continuityIndex, sleep_cycles: sleepCycles }),
    }
  },
  sometimes: {
    'sleepResult.hypnogram.sleepStateChanges.*.newState': 'what is marked after waking up is no part of the night',
  },
  unused: {
    originalSleepResult: 'as it was before the person corrected it',
    'sleepResult.hypnogram.sleepStartOffset': 'how the watch’s night was cut; the start says it',
    'sleepResult.hypnogram.sleepEndOffset': 'how the watch’s night was cut; the end says it',
    'sleepResult.hypnogram.sleepGoal': 'an aim, not a measurement',
    'sleepResult.hypnogram.sleepRating': 'how the person liked it, in words of Polar’s own',
    'sleepResult.hypnogram.birthday': 'who the person is, not how they slept',
    'sleepResult.hypnogram.alarmSnoozeTimes': why.clock,
    'sleepResult.hypnogram.batteryRanOut': why.clock,
    'sleepEvaluation.sleepType': 'whether there are stages; they say so themselves',
    'sleepEvaluation.sleepSpan': 'start and end say it',
    'sleepEvaluation.analysis.efficiencyPercent': 'sleep and time in bed say it',
    'sleepEvaluation.analysis.continuityClass': 'continuityIndex says it more exactly',
    'sleepEvaluation.analysis.feedback': 'an advice by number',
    'sleepEvaluation.interruptions': why.breaks,
    'sleepEvaluation.phaseDurations.unknown': why.breaks,
    'sleepEvaluation.phaseDurations.remPercentage': 'the lengths say it',
    'sleepEvaluation.phaseDurations.deepPercentage': 'the lengths say it',
    'sleepScore.scoreRate': 'how the night compares with others, on a scale of Polar’s own',
    'sleepScore.sleepTimeOwnTargetScore': why.parts,
    'sleepScore.sleepTimeRecommendationScore': why.parts,
    'sleepScore.continuityScore': why.parts,
    'sleepScore.efficiencyScore': why.parts,
    'sleepScore.remScore': why.parts,
    'sleepScore.n3Score': why.parts,
    'sleepScore.longInterruptionsTimeScore': why.parts,
    'sleepScore.groupDurationScore': why.parts,
    'sleepScore.groupSolidityScore': why.parts,
    'sleepScore.groupRefreshScore': why.parts,
  },
})

/** Each state lasts until the next, the last until waking up; what is marked after that is no part of the night. */
function stagesOf({ sleepStateChanges }: Hypnogram, start: number, end: number): SessionPart[] {
  const marks = (sleepStateChanges ?? []).toSorted((a, b) => a.offsetFromStart - b.offsetFromStart)
  return marks.flatMap(({ offsetFromStart, newState }, i): SessionPart[] => {
    const from = start + offsetFromStart * 1_000
    const next = marks[i + 1]?.offsetFromStart
    const until = Math.min(next === undefined ? end : start + next * 1_000, end)
    return until > from ? [{ kind: 'stage', label: states[newState] ?? 'unknown', start: from, end: until }] : []
  })
}
