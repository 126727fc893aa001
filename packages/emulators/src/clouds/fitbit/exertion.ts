/** How hard a day was: what was stated for it, laid from noon on as stretches of that length. */
import { localTime } from '../../people/local-time.ts'
import type { Account, Draft } from '../kit/accounts.ts'
import { spanOf } from './times.ts'
import { type Body, camel } from './types.ts'

/** A stretch of a day: whole minutes, and the message beside its interval. */
type Stretch = readonly [type: string, minutes: number, message: Body]

/** Metrics of a day that say it. */
const metrics = [
  'moderate_duration',
  'vigorous_duration',
  'active_duration',
  'sedentary_duration',
  'active_zone_minutes',
]

const kcalPerMinute = 8

export function* exertionOf(account: Account): Iterable<Draft> {
  const { measured, timeZone } = account
  const dates = new Set(metrics.flatMap((metric) => [...measured.daysOf(metric).keys()]))
  for (const date of dates) {
    const noon = localTime(timeZone, date, 720)
    const byType = Map.groupBy(
      stretchesOf((metric) => measured.day(metric, date)),
      ([type]) => type,
    )
    for (const [type, stretches] of byType) {
      let start = noon
      const points = stretches.map(([, minutes, message]) => {
        const from = start
        start += minutes * 60_000
        const interval = spanOf(from, start, measured.offsetAt(from), measured.offsetAt(start))
        return { start: from, end: start, value: { [camel(type)]: { interval, ...message } } }
      })
      yield { feed: type, id: `${type}/${date}`, at: noon, end: start, date, body: { points } }
    }
  }
}

/** A stretch that would last no minute is none. */
function stretchesOf(day: (metric: string) => number | undefined): Stretch[] {
  const minutes = (metric: string) => (day(metric) ?? 0) / 60
  const [moderate, vigorous, sedentary] = [
    minutes('moderate_duration'),
    minutes('vigorous_duration'),
    minutes('sedentary_duration'),
  ]
  const light = Math.max(0, minutes('active_duration') - moderate - vigorous)
  const levels = [
    ['LIGHT', light],
    ['MODERATE', moderate],
    ['VIGOROUS', vigorous],
  ] as const
  const types = [
    ['SEDENTARY', sedentary],
    ['LIGHTLY_ACTIVE', light],
    ['MODERATELY_ACTIVE', moderate],
    ['VERY_ACTIVE', vigorous],
  ] as const
  return [
    ...levels.map(([activityLevel, v]): Stretch => {
      const activeMinutes = String(Math.round(v))
      return ['active-minutes', v, { activeMinutesByActivityLevel: [{ activityLevel, activeMinutes }] }]
    }),
    ...types.map(([activityLevelType, v]): Stretch => ['activity-level', v, { activityLevelType }]),
    ['sedentary-period', sedentary, {}] as const,
    ...zonesOf(day('active_zone_minutes') ?? 0),
  ].filter(([, length]) => length > 0)
}

/** A minute in the zones of cardio and peak earns two: so much of each, that together they earn what was stated. */
function zonesOf(earned: number): Stretch[] {
  const [peak, cardio] = [Math.floor(earned / 12), Math.floor(earned / 5)]
  const zones = [
    ['FAT_BURN', 'MODERATE', earned - 2 * (peak + cardio), 1],
    ['CARDIO', 'VIGOROUS', cardio, 2],
    ['PEAK', 'PEAK', peak, 2],
  ] as const
  return zones.flatMap(([heartRateZone, heartRateZoneType, minutes, each]): Stretch[] => [
    ['active-zone-minutes', minutes, { heartRateZone, activeZoneMinutes: String(minutes * each) }],
    ['time-in-heart-rate-zone', minutes, { heartRateZoneType }],
    ['calories-in-heart-rate-zone', minutes, { heartRateZone: heartRateZoneType, kcal: minutes * kcalPerMinute }],
  ])
}
