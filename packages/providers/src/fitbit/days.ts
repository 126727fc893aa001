/** Sums of a day, as Google's app shows them: phone and band merged. Some types exist as sums only. */
import { z } from 'zod'
import { defineFeed, type FetchContext, type Pages, type Window } from '../kit/feed.ts'
import type { ProviderHttp } from '../kit/http.ts'
import { daysOf, isGiven } from '../kit/tell.ts'
import { scope } from './auth.ts'
import { data, datesOf, pagesOf } from './pages.ts'
import { amount, civilDate, dateOf, numberOf, secondsOf, text } from './wire.ts'

// biome-ignore format: a list.
export const dayTypes = [
  'steps', 'distance', 'floors', 'altitude', 'active-energy-burned', 'total-calories', 'active-minutes', 'active-zone-minutes', 'sedentary-period',
  'activity-level', 'calories-in-heart-rate-zone', 'time-in-heart-rate-zone',
] as const

const civil = (date: string) => {
  const [year, month, day] = date.split('-').map(Number)
  return { date: { year, month, day } }
}

/** Older answers have no token of a next page, newer ones may: a stretch is short enough for one page. */
async function* rollUps(http: ProviderHttp, window: Window, _context: FetchContext): Pages {
  const { first, after } = datesOf(window)
  const range = { start: civil(first), end: civil(after) }
  for (const type of dayTypes)
    yield* pagesOf('rollupDataPoints', (pageToken) =>
      http.post(`${data}/${type}/dataPoints:dailyRollUp`, { json: { range, windowSizeDays: 1, pageToken } }),
    )
}

const activeMinutes = z.object({
  activeMinutesRollupByActivityLevel: z
    .array(z.object({ activityLevel: z.string(), activeMinutesSum: amount }))
    .nullish(),
})

/** Seconds of an exertion, of all when none is named; undefined where the day says nothing. */
function secondsAt(minutes: z.infer<typeof activeMinutes> | null | undefined, level?: string): number | undefined {
  const sums = (minutes?.activeMinutesRollupByActivityLevel ?? [])
    .filter(({ activityLevel }) => level === undefined || activityLevel === level)
    .map(({ activeMinutesSum }) => numberOf(activeMinutesSum))
    .filter(isGiven)
  return sums.length ? sums.reduce((all, minutes) => all + minutes * 60, 0) : undefined
}

const zoneMinutes = z.object({
  sumInFatBurnHeartZone: amount,
  sumInCardioHeartZone: amount,
  sumInPeakHeartZone: amount,
})

/** Hard minutes are doubled already. A zone that is left out had none. */
const allZones = (sums: z.infer<typeof zoneMinutes>): number =>
  [sums.sumInFatBurnHeartZone, sums.sumInCardioHeartZone, sums.sumInPeakHeartZone].reduce<number>(
    (all, sum) => all + (numberOf(sum) ?? 0),
    0,
  )

export const days = defineFeed({
  title: { en: 'Days', de: 'Tage', fr: 'Jours' },
  scopes: [scope.activity],
  brings: [
    'steps',
    'distance',
    'floors_climbed',
    'elevation_gain',
    'energy_active',
    'energy_total',
    'moderate_duration',
    'vigorous_duration',
    'active_duration',
    'active_zone_minutes',
    'sedentary_duration',
  ],
  windowDays: 11, // 14 is the most for total calories and active minutes, and a stretch is asked for up to three days wide of its ends
  lookBackDays: 7,
  fetch: rollUps,
  raw: z.object({
    civilStartTime: z.object({ date: civilDate }),
    steps: z.object({ countSum: amount }).nullish(),
    distance: z.object({ millimetersSum: amount }).nullish(),
    floors: z.object({ countSum: amount }).nullish(),
    altitude: z.object({ gainMillimetersSum: amount }).nullish(),
    activeEnergyBurned: z.object({ kcalSum: amount }).nullish(),
    totalCalories: z.object({ kcalSum: amount }).nullish(),
    activeMinutes: activeMinutes.nullish(),
    activeZoneMinutes: zoneMinutes.nullish(),
    sedentaryPeriod: z.object({ durationSum: text }).nullish(),
  }),
  read: ({ civilStartTime, ...sums }) =>
    daysOf(dateOf(civilStartTime.date), [
      ['steps', numberOf(sums.steps?.countSum)],
      ['distance', numberOf(sums.distance?.millimetersSum), 'mm'],
      ['floors_climbed', numberOf(sums.floors?.countSum)],
      ['elevation_gain', numberOf(sums.altitude?.gainMillimetersSum), 'mm'],
      ['energy_active', numberOf(sums.activeEnergyBurned?.kcalSum)],
      ['energy_total', numberOf(sums.totalCalories?.kcalSum)],
      ['moderate_duration', secondsAt(sums.activeMinutes, 'MODERATE')],
      ['vigorous_duration', secondsAt(sums.activeMinutes, 'VIGOROUS')],
      ['active_duration', secondsAt(sums.activeMinutes)],
      ['active_zone_minutes', sums.activeZoneMinutes ? allZones(sums.activeZoneMinutes) : undefined],
      ['sedentary_duration', secondsOf(sums.sedentaryPeriod?.durationSum)],
    ]),
  unused: {
    civilEndTime: 'the midnight after the day',
    'civilStartTime.time': 'a day begins at midnight',
    activityLevel: 'the day in four levels, as active minutes and sedentary periods have it too; no metric of each',
    caloriesInHeartRateZone: 'energy by zone of the pulse; no metric',
    timeInHeartRateZone: 'time by zone of the pulse; no metric',
  },
})
