/** Sleep by the date of waking up, and what its first hours gave back. Lengths are texts: `26280s`. */
import type { SessionReading, SleepStage } from '@tributary/protocol'
import type { Account, Draft } from '../kit/accounts.ts'
import { type Column, type Held, type Measured, mean, round, sum } from '../kit/measured.ts'
import { secondsOf, wakingsOf } from '../kit/night.ts'
import { isoLocal, wallClock } from '../kit/times.ts'
import { uuidOf } from './devices.ts'

const states: Readonly<Partial<Record<SleepStage, string>>> = {
  awake: 'SLEEP_STATE_WAKE',
  rem: 'SLEEP_STATE_REM',
  light: 'SLEEP_STATE_NON_REM2',
  deep: 'SLEEP_STATE_NON_REM3',
}

export function* nightsOf({ measured }: Account): Iterable<Draft> {
  for (const held of measured.sessions('sleep')) {
    if (held.reading.isNap) continue // Polar tells nights only
    yield sleepOf(held, measured)
    yield rechargeOf(held, measured)
  }
}

const length = (seconds: number): string => `${round(seconds, 3)}s`

const offsetOf = ({ reading }: Held<SessionReading>, measured: Measured): number =>
  reading.offset ?? measured.offsetAt(reading.end)

const local = (t: number, offset: number): string => isoLocal(t, offset).replace(/([+-]\d\d:\d\d)$/, '.000$1')

function sleepOf(held: Held<SessionReading>, measured: Measured): Draft {
  const { reading, device } = held
  const { start, end, parts } = reading
  const offset = offsetOf(held, measured)
  const sleepDate = wallClock(end, offset).slice(0, 10)
  const stages = parts.filter(({ kind }) => kind === 'stage')
  const breaks = stages.filter(({ label }) => label === 'awake').map((part) => (part.end - part.start) / 1_000)
  const short = breaks.filter((seconds) => seconds <= 300)
  const [rem, light, deep, unknown] = [
    secondsOf(reading, 'rem'),
    secondsOf(reading, 'light', 'asleep_unspecified'),
    secondsOf(reading, 'deep'),
    secondsOf(reading, 'unknown'),
  ]
  const asleep = rem + light + deep + unknown
  const score = measured.day('sleep_score', sleepDate)
  const body = {
    sleepDate,
    sleepResult: {
      hypnogram: {
        sleepStart: local(start, offset),
        sleepEnd: local(end, offset),
        sleepStateChanges: [
          ...stages.map((part) => ({
            offsetFromStart: length((part.start - start) / 1_000),
            newState: states[part.label as SleepStage] ?? 'SLEEP_STATE_UNKNOWN',
          })),
          // A last mark stands where the night is over.
          { offsetFromStart: length((end - start) / 1_000 + 30), newState: 'SLEEP_STATE_WAKE' },
        ],
        sleepGoal: '28800s',
        batteryRanOut: false,
        deviceReference: { uuid: uuidOf(device) },
      },
      sleepCycles: [{ secondsFromSleepStart: '0s', sleepDepthAtCycleStart: 0.4 }],
    },
    sleepEvaluation: {
      sleepSpan: length((end - start) / 1_000),
      asleepDuration: length(asleep),
      analysis: {
        efficiencyPercent: round((100_000 * asleep) / (end - start), 1),
        continuityIndex: 3.4,
        continuityClass: 4,
      },
      interruptions: {
        totalDuration: length(sum(breaks)),
        longDuration: length(sum(breaks) - sum(short)),
        shortDuration: length(sum(short)),
        totalCount: wakingsOf(reading),
        longCount: breaks.length - short.length,
        shortCount: short.length,
      },
      phaseDurations: {
        wake: length(secondsOf(reading, 'awake')),
        rem: length(rem),
        light: length(light),
        deep: length(deep),
        unknown: length(unknown),
        remPercentage: round((100 * rem) / asleep, 1),
        deepPercentage: round((100 * deep) / asleep, 1),
      },
    },
    ...(score === undefined ? {} : { sleepScore: { sleepScore: score, scoreRate: 3 } }),
  }
  return { feed: 'sleep', id: `sleep/${sleepDate}`, at: start, end, date: sleepDate, body }
}

/** Of four hours, from half an hour after falling asleep: not of the whole night. */
function rechargeOf(held: Held<SessionReading>, measured: Measured): Draft {
  const { start, end } = held.reading
  const offset = offsetOf(held, measured)
  const sleepResultDate = wallClock(end, offset).slice(0, 10)
  const from = start + 1_800_000
  const to = Math.min(end, from + 4 * 3_600_000)
  const average = (metric: string) => {
    const { v } = measured.between(metric, from, to)
    return v.length ? mean(v) : 0
  }
  const [heart, breaths] = [average('heart_rate'), average('respiratory_rate')]
  const body = {
    sleepResultDate,
    meanNightlyRecoveryRri: heart ? Math.round(60_000 / heart) : 0,
    meanNightlyRecoveryRmssd: Math.round(average('hrv_rmssd')),
    meanNightlyRecoveryRespirationInterval: breaths ? Math.round(60_000 / breaths) : 0,
    meanBaselineRri: 1_180,
    sdBaselineRri: 60,
    meanBaselineRmssd: 58,
    sdBaselineRmssd: 9,
    meanBaselineRespirationInterval: 4_350,
    sdBaselineRespirationInterval: 210,
    ansStatus: 2.3,
    ansRate: 4,
    recoveryIndicator: 4,
    recoveryIndicatorSubLevel: 55,
    hrvSamples: runsOf(measured.between('hrv_rmssd', from, to), offset, 'hrvValues', 0),
    breathingRateSamples: runsOf(measured.between('respiratory_rate', from, to), offset, 'breathingRateValues', 1),
  }
  return { feed: 'recharge', id: `recharge/${sleepResultDate}`, at: start, end, date: sleepResultDate, body }
}

/** Values that follow each other at one distance, together. */
function runsOf({ t, v }: Column, offset: number, name: string, decimals: number) {
  const runs: { startTime: string; sampleInterval: string; values: number[] }[] = []
  let [next, every] = [Number.NaN, 0]
  for (const [i, at] of t.entries()) {
    const value = round(v[i] ?? 0, decimals)
    if (at === next) runs.at(-1)?.values.push(value)
    else {
      every = (t[i + 1] ?? at + 300_000) - at
      runs.push({ startTime: local(at, offset), sampleInterval: length(every / 1_000), values: [value] })
    }
    next = at + every
  }
  return runs.map(({ values, ...run }) => ({ ...run, [name]: values }))
}
