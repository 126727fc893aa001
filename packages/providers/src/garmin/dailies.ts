import { z } from 'zod'
import { daysOf, isGiven, seriesOf } from '../kit/tell.ts'
import { sentFeed } from './sent-feed.ts'
import { course, isMeasured, isPositive, number, pointsOf, summary, times, timesOf } from './spelling.ts'

/** What the device counted for a calendar day, so far: today's comes again and again, and grows. */
export const dailies = sentFeed('dailies', 'HEALTH_EXPORT', {
  title: { en: 'Days', de: 'Tage', fr: 'Jours' },
  brings: [
    'steps',
    'distance',
    'energy_active',
    'energy_basal',
    'energy_total',
    'floors_climbed',
    'wheelchair_pushes',
    'active_duration',
    'moderate_duration',
    'vigorous_duration',
    'heart_rate',
    'resting_heart_rate',
    'stress_score',
  ],
  raw: summary({
    ...times,
    calendarDate: z.string(),
    durationInSeconds: number,
    steps: number,
    distanceInMeters: number,
    pushes: number,
    activeTimeInSeconds: number,
    activeKilocalories: number,
    bmrKilocalories: number,
    floorsClimbed: number,
    moderateIntensityDurationInSeconds: number,
    vigorousIntensityDurationInSeconds: number,
    restingHeartRateInBeatsPerMinute: number,
    averageStressLevel: number,
    timeOffsetHeartRateSamples: course,
  }),
  /** Garmin: the longest of the same start counts, whatever came last. */
  version: (day) => ({ key: `${day.startTimeInSeconds}`, rank: day.durationInSeconds ?? 0 }),
  *read(day) {
    const { t, offset } = timesOf(day)
    const { activeKilocalories: active, bmrKilocalories: basal, averageStressLevel: stress } = day
    yield* daysOf(day.calendarDate, [
      ['steps', day.steps],
      ['distance', day.distanceInMeters],
      ['wheelchair_pushes', day.pushes],
      ['active_duration', day.activeTimeInSeconds],
      ['energy_active', active],
      ['energy_basal', basal],
      ['energy_total', isGiven(active) && isGiven(basal) ? active + basal : undefined],
      ['floors_climbed', day.floorsClimbed],
      ['moderate_duration', day.moderateIntensityDurationInSeconds],
      ['vigorous_duration', day.vigorousIntensityDurationInSeconds],
      ['resting_heart_rate', day.restingHeartRateInBeatsPerMinute],
      ['stress_score', isGiven(stress) && isMeasured(stress) ? stress : undefined], // -1: none that day
    ])
    const rates = pointsOf(t, day.timeOffsetHeartRateSamples, isPositive)
    yield* seriesOf('heart_rate', rates, offset === undefined ? {} : { offset })
  },
  sometimes: {
    startTimeInSeconds: 'where the pulse begins; everything else goes by the date',
    startTimeOffsetInSeconds: 'the zone of the pulse; the date is the person’s own already',
  },
  unused: {
    userId: 'the connection knows whose it is',
    userAccessToken: 'of the old sign-in; the connection knows whose it is',
    summaryId: 'a day is known by its date',
    durationInSeconds: 'only tells which of two tellings of a day is the later',
    activityType: 'what the device believed was done most',
    minHeartRateInBeatsPerMinute: 'follows from the samples',
    maxHeartRateInBeatsPerMinute: 'follows from the samples',
    averageHeartRateInBeatsPerMinute: 'an average of seven days, not of this one',
    maxStressLevel: 'follows from the samples of stress',
    stressDurationInSeconds: 'counts low stress too, which no metric does',
    restStressDurationInSeconds: 'no metric: time without stress, awake or asleep',
    bodyBatteryChargedValue: 'follows from the samples of the body battery',
    bodyBatteryDrainedValue: 'follows from the samples of the body battery',
    stepsGoal: 'a goal is not a measurement',
  },
})
