import { z } from 'zod'
import { daysOf, given, samplesOf } from '../kit/tell.ts'
import { sentFeed } from './sent-feed.ts'
import { number, summary, text, times, timesOf } from './spelling.ts'

const same = { userId: 'the connection knows whose it is' }

export const bodyComps = sentFeed('bodyComps', 'HEALTH_EXPORT', {
  title: { en: 'Body composition', de: 'Körperzusammensetzung', fr: 'Composition corporelle' },
  brings: ['body_mass', 'body_fat', 'muscle_mass', 'bone_mass', 'body_water', 'bmi'],
  raw: summary({
    ...times,
    weightInGrams: number,
    bodyFatInPercent: number,
    muscleMassInGrams: number,
    boneMassInGrams: number,
    bodyWaterInPercent: number,
    bodyMassIndex: number,
  }),
  *read(record) {
    yield* samplesOf(timesOf(record), [
      ['body_mass', record.weightInGrams, 'g'],
      ['body_fat', record.bodyFatInPercent],
      ['muscle_mass', record.muscleMassInGrams, 'g'],
      ['bone_mass', record.boneMassInGrams, 'g'],
      ['body_water', record.bodyWaterInPercent],
      ['bmi', record.bodyMassIndex],
    ])
  },
  unused: { ...same, summaryId: 'a weighing is known by its time' },
})

export const bloodPressures = sentFeed('bloodPressures', 'HEALTH_EXPORT', {
  title: { en: 'Blood pressure', de: 'Blutdruck', fr: 'Tension artérielle' },
  brings: ['bp_systolic', 'bp_diastolic', 'heart_rate'],
  raw: summary({
    ...times,
    summaryId: z.string(),
    systolic: z.number(),
    diastolic: z.number(),
    pulse: number,
    sourceType: text,
  }),
  *read(record) {
    const { t, offset } = timesOf(record)
    yield {
      kind: 'event',
      metric: 'blood_pressure',
      start: t,
      value: { systolic: record.systolic, diastolic: record.diastolic },
      externalId: `blood_pressure:${record.summaryId}`,
      ...given({ offset }),
    }
    const method = record.sourceType === 'MANUAL' ? 'manual' : 'active'
    yield* samplesOf({ t, method, ...given({ offset }) }, [['heart_rate', record.pulse]])
  },
  unused: same,
})

export const userMetrics = sentFeed('userMetrics', 'HEALTH_EXPORT', {
  title: { en: 'Fitness', de: 'Fitness', fr: 'Forme physique' },
  brings: ['vo2max'],
  raw: summary({ calendarDate: z.string(), vo2Max: number, vo2MaxCycling: number }),
  *read(day) {
    yield* daysOf(day.calendarDate, [['vo2max', day.vo2Max ?? day.vo2MaxCycling]])
  },
  sometimes: { vo2MaxCycling: 'a day has one figure: the one on foot where there is one' },
  unused: {
    ...same,
    summaryId: 'a day is known by its date',
    fitnessAge: 'an age of Garmin’s own reckoning, without a metric',
    enhanced: 'how Garmin reckoned',
  },
})
