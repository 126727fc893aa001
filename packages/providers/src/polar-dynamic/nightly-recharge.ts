/** What a night gave back. Figures are of four hours after falling asleep, not of the whole night; intervals are milliseconds. */
import { z } from 'zod'
import { defineFeed, type Told } from '../kit/feed.ts'
import { daysOf, seriesOf } from '../kit/tell.ts'
import { byDay } from './lists.ts'
import { column, momentIn, number, seconds } from './wire.ts'

const run = { startTime: z.string(), sampleInterval: seconds }

const Recharge = z.object({
  sleepResultDate: z.iso.date(),
  meanNightlyRecoveryRmssd: number,
  meanNightlyRecoveryRespirationInterval: number,
  hrvSamples: z.array(z.object({ ...run, hrvValues: column })).nullish(),
  breathingRateSamples: z.array(z.object({ ...run, breathingRateValues: column })).nullish(),
})

const why = { usual: 'what is usual for the person, not this night', scale: 'a scale of Polar’s own', tip: 'an advice' }

export const nightly_recharge = defineFeed<z.infer<typeof Recharge>>({
  title: { en: 'Nightly recharge', de: 'Erholung der Nacht', fr: 'Récupération nocturne' },
  scopes: ['nightly_recharge:read'],
  brings: ['hrv_rmssd', 'respiratory_rate'],
  ...byDay({
    path: '/nightly-recharge-results',
    names: ['nightlyRechargeResults', 'nightlyRechargeResults'],
    at: 'sleepResultDate',
    features: ['samples'],
  }),
  raw: Recharge,
  *read({ sleepResultDate, hrvSamples, breathingRateSamples, ...recharge }, { timeZone }): Generator<Told> {
    const breath = recharge.meanNightlyRecoveryRespirationInterval // 0: there is none
    yield* daysOf(sleepResultDate, [
      ['hrv_rmssd', recharge.meanNightlyRecoveryRmssd || undefined],
      ['respiratory_rate', breath ? 60_000 / breath : undefined],
    ])
    for (const { hrvValues, ...one } of hrvSamples ?? [])
      yield* seriesOf('hrv_rmssd', pointsOf(one, hrvValues, timeZone))
    for (const { breathingRateValues, ...one } of breathingRateSamples ?? [])
      yield* seriesOf('respiratory_rate', pointsOf(one, breathingRateValues, timeZone))
  },
  unused: {
    created: 'when it was worked out',
    modified: 'when it was worked out',
    meanNightlyRecoveryRri: 'a mean of four hours, of a pulse that the day tells',
    meanBaselineRri: why.usual,
    sdBaselineRri: why.usual,
    meanBaselineRmssd: why.usual,
    sdBaselineRmssd: why.usual,
    meanBaselineRespirationInterval: why.usual,
    sdBaselineRespirationInterval: why.usual,
    ansStatus: why.scale,
    ansRate: why.scale,
    recoveryIndicator: why.scale,
    recoveryIndicatorSubLevel: why.scale,
    sleepTip: why.tip,
    vitalityTip: why.tip,
    exerciseTip: why.tip,
  },
})

/** Local times, with their offset where they say it; 0 is nothing measured. */
function pointsOf(
  { startTime, sampleInterval }: { startTime: string; sampleInterval: number },
  values: z.infer<typeof column>,
  timeZone: string,
): [number, number][] {
  const start = momentIn(startTime, timeZone)
  return values.flatMap((value, i): [number, number][] => (value ? [[start + i * sampleInterval * 1_000, value]] : []))
}
