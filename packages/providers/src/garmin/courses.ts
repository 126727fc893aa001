/** Summaries that are little more than a column of values over a stretch of time. */
import { tableOf } from '@tributary/protocol'
import { z } from 'zod'
import { RecordError } from '../kit/read-records.ts'
import { daysOf, seriesOf } from '../kit/tell.ts'
import { sentFeed } from './sent-feed.ts'
import { course, isMeasured, isPositive, number, pointsOf, summary, times, timesOf } from './spelling.ts'

const same = {
  userId: 'the connection knows whose it is',
  summaryId: 'a value is known by its time',
}
const length = { durationInSeconds: 'follows from the last value' }

export const stressDetails = sentFeed('stressDetails', 'HEALTH_EXPORT', {
  title: { en: 'Stress and body battery', de: 'Stress und Body Battery', fr: 'Stress et Body Battery' },
  brings: ['stress_score', 'energy_reserve'],
  raw: summary({ ...times, timeOffsetStressLevelValues: course, timeOffsetBodyBatteryValues: course }),
  *read(record) {
    const { t, ...zone } = timesOf(record)
    yield* seriesOf('stress_score', pointsOf(t, record.timeOffsetStressLevelValues, isMeasured), zone)
    yield* seriesOf('energy_reserve', pointsOf(t, record.timeOffsetBodyBatteryValues, isMeasured), zone)
  },
  unused: { ...same, ...length, calendarDate: 'the values have times' },
})

export const hrv = sentFeed('hrv', 'HEALTH_EXPORT', {
  title: { en: 'Heart rate variability', de: 'Herzfrequenzvariabilität', fr: 'Variabilité cardiaque' },
  brings: ['hrv_rmssd'],
  raw: summary({ ...times, calendarDate: z.string(), lastNightAvg: number, hrvValues: course }),
  *read(night) {
    const { t, ...zone } = timesOf(night)
    yield* daysOf(night.calendarDate, [['hrv_rmssd', night.lastNightAvg]])
    yield* seriesOf('hrv_rmssd', pointsOf(t, night.hrvValues, isPositive), zone)
  },
  unused: { ...same, ...length, lastNight5MinHigh: 'the highest of the values' },
})

export const pulseOx = sentFeed('pulseOx', 'HEALTH_EXPORT', {
  title: { en: 'Blood oxygen', de: 'Blutsauerstoff', fr: 'Oxygène sanguin' },
  brings: ['spo2'],
  raw: summary({ ...times, timeOffsetSpo2Values: course, onDemand: z.boolean().nullish() }),
  *read(record) {
    const { t, ...zone } = timesOf(record)
    const points = pointsOf(t, record.timeOffsetSpo2Values, isPositive)
    yield* seriesOf('spo2', points, { ...zone, method: record.onDemand ? 'active' : 'automatic' })
  },
  unused: { ...same, ...length, calendarDate: 'the values have times' },
})

export const respiration = sentFeed('respiration', 'HEALTH_EXPORT', {
  title: { en: 'Breathing', de: 'Atmung', fr: 'Respiration' },
  brings: ['respiratory_rate'],
  raw: summary({ ...times, timeOffsetEpochToBreaths: course }),
  *read(record) {
    const { t, ...zone } = timesOf(record)
    yield* seriesOf('respiratory_rate', pointsOf(t, record.timeOffsetEpochToBreaths, isPositive), zone)
  },
  unused: { ...same, ...length },
})

/** By Garmin's name of what was measured: ours. */
const measured: Readonly<Record<string, string>> = tableOf({
  heart_rate: 'heart_rate',
  respiration: 'respiratory_rate',
  stress: 'stress_score',
  spo2: 'spo2',
  rmssd_hrv: 'hrv_rmssd',
  sdrr_hrv: 'hrv_sdnn',
})

/** Two minutes of sitting still, measured all at once because the person asked for it. */
export const healthSnapshot = sentFeed('healthSnapshot', 'HEALTH_EXPORT', {
  title: { en: 'Health snapshots', de: 'Gesundheits-Momentaufnahmen', fr: 'Instantanés de santé' },
  brings: ['heart_rate', 'respiratory_rate', 'stress_score', 'spo2', 'hrv_rmssd', 'hrv_sdnn'],
  raw: summary({
    ...times,
    summaries: z.array(z.object({ summaryType: z.string(), avgValue: number, epochSummaries: course })).nullish(),
  }),
  *read(record) {
    const { t, ...zone } = timesOf(record)
    for (const { summaryType, avgValue, epochSummaries } of record.summaries ?? []) {
      const metric = measured[summaryType.toLowerCase()]
      if (!metric) continue
      const isReal = metric === 'stress_score' ? isMeasured : isPositive
      const points = pointsOf(t, epochSummaries, isReal)
      // Variability is one figure for the two minutes; it has no course.
      if (!points.length && avgValue && avgValue > 0) points.push([t, avgValue])
      yield* seriesOf(metric, points, { ...zone, method: 'active' })
    }
  },
  sometimes: { 'summaries.*.avgValue': 'of what has a course the mean of it' },
  unused: {
    ...same,
    ...length,
    calendarDate: 'the values have times',
    'summaries.*.minValue': 'the lowest of the values',
    'summaries.*.maxValue': 'the highest of the values',
  },
})

export const skinTemperature = sentFeed('skinTemp', 'HEALTH_EXPORT', {
  title: { en: 'Skin temperature', de: 'Hauttemperatur', fr: 'Température de la peau' },
  brings: ['skin_temperature_deviation'],
  raw: summary({ calendarDate: z.string(), avgDeviationCelsius: number }),
  *read(night) {
    yield* daysOf(night.calendarDate, [['skin_temperature_deviation', night.avgDeviationCelsius]]) // from the person's own baseline
  },
  unused: {
    ...same,
    ...length,
    startTimeInSeconds: 'one figure for the night',
    startTimeOffsetInSeconds: 'one figure for the night',
  },
})

const noticed = 'the device guessed that something was done and has no figures of it: no workout the person began'

export const moveIq = sentFeed('moveiq', 'ACTIVITY_EXPORT', {
  title: {
    en: 'Movement noticed by the device',
    de: 'Vom Gerät bemerkte Bewegung',
    fr: 'Mouvements détectés par l’appareil',
  },
  brings: [],
  raw: z.object({}),
  *read() {},
  unused: {
    ...same,
    durationInSeconds: noticed,
    calendarDate: noticed,
    startTimeInSeconds: noticed,
    offsetInSeconds: noticed,
    activityType: noticed,
    activitySubType: noticed,
  },
})

/** Garmin does not publish what its records look like: they are kept, whole, until somebody can say. */
export const menstrualCycle = sentFeed('mct', 'MCT_EXPORT', {
  title: { en: 'Menstrual cycle', de: 'Zyklus', fr: 'Cycle menstruel' },
  brings: [],
  raw: z.object({}),
  // biome-ignore lint/correctness/useYield: it has nothing to yield, and says why
  *read() {
    throw new RecordError('Garmin does not publish the form of its cycle records, so they are kept but not read')
  },
  unused: same,
})
