import { samplesOf } from '../kit/tell.ts'
import { sentFeed } from './sent-feed.ts'
import { number, summary, text, times, timesOf } from './spelling.ts'

const kinds = [
  'SEDENTARY',
  'WALKING',
  'RUNNING',
  'GENERIC',
  'CYCLING',
  'SWIMMING',
  'WHEELCHAIR_PUSH_WALK',
  'WHEELCHAIR_PUSH_RUN',
]

/**
 * A quarter of an hour is told in one record for each kind of movement, and the records must be added up. Two values of a series with
 * one start are the same value said twice, so each kind begins a few milliseconds after the last: kept apart, added up by whoever
 * sums the series, and replaced when Garmin sends the same quarter of the same kind again, grown.
 */
function shiftOf(kind: string): number {
  const place = kinds.indexOf(kind)
  if (place >= 0) return place
  let sum = 0
  for (let i = 0; i < kind.length; i++) sum = (sum * 31 + kind.charCodeAt(i)) % 900
  return kinds.length + sum
}

export const epochs = sentFeed('epochs', 'HEALTH_EXPORT', {
  title: { en: 'Quarters of an hour', de: 'Viertelstunden', fr: 'Quarts d’heure' },
  brings: ['steps', 'distance', 'energy_active', 'met'],
  raw: summary({
    ...times,
    activityType: text,
    durationInSeconds: number,
    steps: number,
    distanceInMeters: number,
    activeKilocalories: number,
    met: number,
  }),
  version: (epoch) => ({
    key: `${epoch.startTimeInSeconds} ${epoch.activityType}`,
    rank: epoch.durationInSeconds ?? 0,
  }),
  *read(epoch) {
    const { t, ...offset } = timesOf(epoch)
    const at = {
      t: t + shiftOf(epoch.activityType ?? ''),
      duration: (epoch.durationInSeconds ?? 900) * 1000,
      ...offset,
    }
    yield* samplesOf(at, [
      ['steps', epoch.steps],
      ['distance', epoch.distanceInMeters],
      ['energy_active', epoch.activeKilocalories],
      ['met', epoch.met],
    ])
  },
  unused: {
    userId: 'the connection knows whose it is',
    summaryId: 'known by its start and kind',
    activeTimeInSeconds: 'its metric is stated for days, and the day states it',
    intensity: 'a word for what `met` says as a number',
    meanMotionIntensity: 'a scale of Garmin’s own, 0 to 7, without a metric',
    maxMotionIntensity: 'a scale of Garmin’s own, 0 to 7, without a metric',
  },
})
