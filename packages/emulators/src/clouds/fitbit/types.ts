/** Data types of Google Health: how each is named, scoped, offered, summed and filled from what was measured. */
import { mean, round, sum } from '../kit/measured.ts'

export type Body = Record<string, unknown>

/** A point of a list; times in ms, for filters and order. */
export interface Point {
  start: number
  end: number
  value: Body
}

export interface DataType {
  kind: 'interval' | 'sample' | 'daily' | 'session'
  scope: Scope
  /** The catalogue's name of what fills it, value by value. Others are made in `sessions.ts`, `entries.ts` and `exertion.ts`. */
  metric?: string
  value?(v: number): Body
  /** The value of a roll-up, of the messages whose start lies in its window. */
  rollUp?(messages: readonly Body[]): Body
  /** The same of a column that is not told point by point. */
  total?(values: readonly number[]): Body
  /** Days that one roll-up may cover, and windows on a page of it; 90 when absent. */
  cap?: 14
  /** Methods that the type is not offered by. */
  hides?: 'list' | 'list and reconcile' | 'reconcile'
  /** The person wrote it down. */
  byHand?: true
}

type Scope =
  | 'activity_and_fitness'
  | 'health_metrics_and_measurements'
  | 'sleep'
  | 'nutrition'
  | 'ecg'
  | 'irn'
  | 'logged_symptoms'
  | 'mindfulness'
  | 'reproductive_health'

const count = (v: number) => String(Math.round(v))
const activity = { scope: 'activity_and_fitness' } as const
const health = { scope: 'health_metrics_and_measurements' } as const
const sampled = { kind: 'sample', ...health } as const
const daily = { kind: 'daily', ...health } as const
/** Not among the messages that a merged stream can have. */
const unmerged = { hides: 'reconcile' } as const
const entry = { ...unmerged, byHand: true } as const

const numbers = (messages: readonly Body[], name: string) =>
  messages
    .map((message) => message[name])
    .filter((v) => v !== undefined)
    .map(Number)

const sumOf =
  (name: string, tell: (v: number) => unknown = count) =>
  (messages: readonly Body[]): Body => ({ [`${name}Sum`]: tell(sum(numbers(messages, name))) })

const meanOf =
  (name: string, told = name) =>
  (messages: readonly Body[]): Body => ({ [`${told}Avg`]: round(mean(numbers(messages, name)), 2) })

const rangeOf =
  (name: string) =>
  (messages: readonly Body[]): Body => {
    const list = numbers(messages, name)
    const tell = (v: number) => round(v, 1)
    return {
      [`${name}Avg`]: tell(mean(list)),
      [`${name}Min`]: tell(Math.min(...list)),
      [`${name}Max`]: tell(Math.max(...list)),
    }
  }

/** Sums by a word of each message: `[{ heartRateZone: 'LIGHT', duration: '60s' }]`. */
function sumsBy(
  messages: readonly Body[],
  word: string,
  amountOf: (message: Body) => number,
): [word: string, v: number][] {
  const sums = new Map<string, number>()
  for (const message of messages)
    sums.set(String(message[word]), (sums.get(String(message[word])) ?? 0) + amountOf(message))
  return [...sums]
}

const secondsIn = ({ interval }: Body): number => {
  const { startTime = '', endTime = '' } = interval as Record<string, string>
  return (Date.parse(endTime) - Date.parse(startTime)) / 1000
}

const kcal = (v: number) => round(v, 2)

/** A quantity inside a message, summed: `{ kcalSum }`. */
const quantitySum = (messages: readonly Body[], name: string, unit: string): Body => {
  const list = messages.flatMap((message) => ((message[name] as Body | undefined)?.[unit] as number | undefined) ?? [])
  return list.length ? { [name]: { [`${unit}Sum`]: round(sum(list), 3) } } : {}
}

/** Three figures, of which a zone without minutes is left out. */
function zoneMinutes(messages: readonly Body[]): Body {
  const names: Readonly<Record<string, string>> = { FAT_BURN: 'FatBurn', CARDIO: 'Cardio', PEAK: 'Peak' }
  const sums = sumsBy(messages, 'heartRateZone', ({ activeZoneMinutes }) => Number(activeZoneMinutes))
  return Object.fromEntries(sums.filter(([, v]) => v).map(([zone, v]) => [`sumIn${names[zone]}HeartZone`, count(v)]))
}

function nutrientSums(messages: readonly Body[]): Body {
  const eaten = messages.flatMap(
    ({ nutrients }) => (nutrients ?? []) as { nutrient: string; quantity: { grams: number } }[],
  )
  const sums = sumsBy(eaten as unknown as Body[], 'nutrient', ({ quantity }) => (quantity as { grams: number }).grams)
  return {
    ...quantitySum(messages, 'energy', 'kcal'),
    ...quantitySum(messages, 'totalCarbohydrate', 'grams'),
    ...quantitySum(messages, 'totalFat', 'grams'),
    ...(sums.length
      ? { nutrients: sums.map(([nutrient, v]) => ({ nutrient, quantity: { gramsSum: round(v, 3) } })) }
      : {}),
  }
}

const minutesByLevel = (messages: readonly Body[]): Body => ({
  activeMinutesRollupByActivityLevel: sumsBy(
    messages.flatMap(({ activeMinutesByActivityLevel }) => activeMinutesByActivityLevel as Body[]),
    'activityLevel',
    ({ activeMinutes }) => Number(activeMinutes),
  ).map(([activityLevel, v]) => ({ activityLevel, activeMinutesSum: count(v) })),
})

const durations =
  (list: string, word: string, told: string, by = word) =>
  (messages: readonly Body[]): Body => ({
    [list]: sumsBy(messages, by, secondsIn).map(([name, v]) => ({ [word]: name, [told]: `${v}s` })),
  })

// biome-ignore format: a table, one type a line.
export const types: Readonly<Record<string, DataType>> = {
  steps: { kind: 'interval', ...activity, metric: 'steps', value: (v) => ({ count: count(v) }), rollUp: sumOf('count') },
  distance: { kind: 'interval', ...activity, metric: 'distance_walking_running', value: (v) => ({ millimeters: count(v * 1000) }), rollUp: sumOf('millimeters') },
  floors: { kind: 'interval', ...activity, metric: 'floors_climbed', value: (v) => ({ count: count(v) }), rollUp: sumOf('count'), hides: 'list' },
  'active-energy-burned': { kind: 'interval', ...activity, metric: 'energy_active', value: (v) => ({ kcal: round(v, 2) }), rollUp: sumOf('kcal', kcal) },
  'total-calories': { kind: 'interval', ...activity, total: (values) => ({ kcalSum: kcal(sum(values)) }), cap: 14, hides: 'list and reconcile' },
  'basal-energy-burned': { kind: 'interval', ...activity, metric: 'energy_basal', value: (v) => ({ kcal: kcal(v) }) }, // empty for most
  altitude: { kind: 'interval', ...activity, metric: 'elevation_gain', value: (v) => ({ gainMillimeters: count(v * 1000) }), rollUp: sumOf('gainMillimeters') },
  'active-minutes': { kind: 'interval', ...activity, rollUp: minutesByLevel, cap: 14, hides: 'list' },
  'active-zone-minutes': { kind: 'interval', ...activity, rollUp: zoneMinutes },
  'activity-level': { kind: 'interval', ...activity, rollUp: durations('activityLevelRollupsByActivityLevelType', 'activityLevelType', 'totalDuration') },
  'sedentary-period': { kind: 'interval', ...activity, rollUp: (messages) => ({ durationSum: `${sum(messages.map(secondsIn))}s` }) },
  'time-in-heart-rate-zone': { kind: 'interval', ...activity, rollUp: durations('timeInHeartRateZones', 'heartRateZone', 'duration', 'heartRateZoneType'), hides: 'list' },
  'calories-in-heart-rate-zone': { kind: 'interval', ...activity, rollUp: (messages) => ({ caloriesInHeartRateZones: sumsBy(messages, 'heartRateZone', (one) => Number(one['kcal'])).map(([heartRateZone, v]) => ({ heartRateZone, kcal: kcal(v) })) }), cap: 14, hides: 'list and reconcile' },
  'swim-lengths-data': { kind: 'interval', ...activity, rollUp: sumOf('strokeCount') },
  // Of these nobody measures anything here.
  'vo2-max': { kind: 'sample', ...activity },
  'run-vo2-max': { kind: 'sample', ...activity },
  'respiratory-rate-sleep-summary': { ...sampled },
  'hydration-log': { kind: 'session', scope: 'nutrition', byHand: true, rollUp: (messages) => quantitySum(messages, 'amountConsumed', 'milliliters') },
  'nutrition-log': { kind: 'session', scope: 'nutrition', byHand: true, rollUp: nutrientSums },
  electrocardiogram: { kind: 'session', scope: 'ecg', ...unmerged },
  'irregular-rhythm-notification': { kind: 'session', scope: 'irn', ...unmerged },
  symptoms: { kind: 'sample', scope: 'logged_symptoms', ...entry },
  moods: { kind: 'sample', scope: 'mindfulness', ...entry },
  'ovulation-test': { kind: 'sample', scope: 'reproductive_health', ...entry },
  'menstrual-period': { kind: 'interval', scope: 'reproductive_health', ...entry },
  exercise: { kind: 'session', ...activity },
  'daily-vo2-max': { kind: 'daily', ...activity, metric: 'vo2max', value: (v) => ({ vo2Max: round(v, 1), estimated: true }) },
  'heart-rate': { ...sampled, metric: 'heart_rate', value: (v) => ({ beatsPerMinute: count(v), metadata: { motionContext: v > 100 ? 'ACTIVE' : 'SEDENTARY' } }), rollUp: rangeOf('beatsPerMinute'), cap: 14 },
  'heart-rate-variability': { ...sampled, metric: 'hrv_rmssd', value: (v) => ({ rootMeanSquareOfSuccessiveDifferencesMilliseconds: v, standardDeviationMilliseconds: round(v * 1.3, 1) }) },
  'oxygen-saturation': { ...sampled, metric: 'spo2', value: (v) => ({ percentage: v }) },
  weight: { ...sampled, metric: 'body_mass', value: (v) => ({ weightGrams: Math.round(v * 1000) }), rollUp: meanOf('weightGrams') },
  'body-fat': { ...sampled, metric: 'body_fat', value: (v) => ({ percentage: v }), rollUp: meanOf('percentage', 'bodyFatPercentage') },
  height: { ...sampled, metric: 'body_height', value: (v) => ({ heightMillimeters: count(v * 1000) }) },
  'blood-glucose': { ...sampled, metric: 'blood_glucose', value: (v) => ({ bloodGlucoseMilligramsPerDeciliter: round(v * 18.016, 1) }), rollUp: meanOf('bloodGlucoseMilligramsPerDeciliter') },
  'core-body-temperature': { ...sampled, metric: 'body_temperature', value: (v) => ({ temperatureCelsius: v }), rollUp: rangeOf('temperatureCelsius') },
  'daily-resting-heart-rate': { ...daily, metric: 'resting_heart_rate', value: (v) => ({ beatsPerMinute: count(v) }) },
  'daily-heart-rate-zones': { ...daily, metric: 'resting_heart_rate', value: zonesAbove, hides: 'list' },
  'daily-heart-rate-variability': { ...daily, metric: 'hrv_rmssd', value: (v) => ({ averageHeartRateVariabilityMilliseconds: round(v, 1), deepSleepRootMeanSquareOfSuccessiveDifferencesMilliseconds: round(v * 1.1, 1), entropy: 2.9, nonRemHeartRateBeatsPerMinute: '54' }) },
  'daily-oxygen-saturation': { ...daily, metric: 'spo2', value: (v) => ({ averagePercentage: round(v, 1) }) },
  'daily-respiratory-rate': { ...daily, metric: 'respiratory_rate', value: (v) => ({ breathsPerMinute: round(v, 1) }) },
  'daily-sleep-temperature-derivations': { ...daily, metric: 'skin_temperature_deviation', value: (v) => ({ nightlyTemperatureCelsius: round(33.5 + v, 2), baselineTemperatureCelsius: 33.5 }) },
  sleep: { kind: 'session', scope: 'sleep' },
}

/** Karvonen's: shares of what lies between the resting and the highest heart rate. */
function zonesAbove(resting: number): Body {
  const at = (share: number) => count(resting + share * (185 - resting))
  const bounds = [
    ['LIGHT', 0.3, 0.4],
    ['MODERATE', 0.4, 0.6],
    ['VIGOROUS', 0.6, 0.85],
    ['PEAK', 0.85, 1],
  ] as const
  return {
    heartRateZones: bounds.map(([heartRateZoneType, from, to]) => ({
      heartRateZoneType,
      minBeatsPerMinute: at(from),
      maxBeatsPerMinute: at(to),
    })),
  }
}

export const snake = (type: string): string => type.replaceAll('-', '_')
export const camel = (type: string): string => type.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
