/** Data types of Google Health: how each is named, scoped, filtered and filled from what was measured. */
import type { Account, Draft } from '../kit/accounts.ts'
import type { Ids } from '../kit/ids.ts'
import { mean, round } from '../kit/measured.ts'
import { exercisesOf, nightsOf } from './sessions.ts'
import { civil, dateParts, offset, rfc, spanOf } from './times.ts'

export type Body = Record<string, unknown>

/** A point of a list; times in ms, for filters and order. */
export interface Point {
  start: number
  end: number
  value: Body
}

export interface DataType {
  kind: 'interval' | 'sample' | 'daily' | 'session'
  scope: 'activity_and_fitness' | 'health_metrics_and_measurements' | 'sleep' | 'nutrition'
  /** The catalogue's name of what fills it. */
  metric?: string
  value?(v: number): Body
  /** The part of a roll-up's value that holds the sum; `Avg`, `Min`, `Max` of a sample. */
  rollUp?: { name: string; by: 'sum' | 'range'; tell(v: number): unknown }
  /** Days that one roll-up may cover. */
  cap?: 14
  /** Not read point by point. */
  hides?: 'list' | 'all'
}

const count = (v: number) => String(Math.round(v))
const activity = { scope: 'activity_and_fitness' } as const
const health = { scope: 'health_metrics_and_measurements' } as const
const sampled = { kind: 'sample', ...health } as const
const daily = { kind: 'daily', ...health } as const

// biome-ignore format: a table, one type a line.
export const types: Readonly<Record<string, DataType>> = {
  steps: { kind: 'interval', ...activity, metric: 'steps', value: (v) => ({ count: count(v) }), rollUp: { name: 'countSum', by: 'sum', tell: count } },
  distance: { kind: 'interval', ...activity, metric: 'distance_walking_running', value: (v) => ({ millimeters: count(v * 1000) }), rollUp: { name: 'millimetersSum', by: 'sum', tell: (v) => count(v * 1000) } },
  floors: { kind: 'interval', ...activity, metric: 'floors_climbed', value: (v) => ({ count: count(v) }), rollUp: { name: 'countSum', by: 'sum', tell: count }, hides: 'list' },
  'active-energy-burned': { kind: 'interval', ...activity, metric: 'energy_active', value: (v) => ({ kcal: round(v, 2) }), rollUp: { name: 'kcalSum', by: 'sum', tell: (v) => round(v, 2) } },
  'total-calories': { kind: 'interval', ...activity, metric: 'energy_total', rollUp: { name: 'kcalSum', by: 'sum', tell: (v) => round(v, 2) }, cap: 14, hides: 'all' },
  'basal-energy-burned': { kind: 'interval', ...activity, value: () => ({}) }, // exists, and is empty
  // Of these nobody measures anything here.
  'vo2-max': { kind: 'sample', ...activity },
  'run-vo2-max': { kind: 'sample', ...activity },
  'respiratory-rate-sleep-summary': { ...sampled },
  'hydration-log': { kind: 'interval', scope: 'nutrition', metric: 'water_intake', value: (v) => ({ amountConsumed: { milliliters: v } }) },
  exercise: { kind: 'session', ...activity },
  'daily-vo2-max': { kind: 'daily', ...activity, metric: 'vo2max', value: (v) => ({ vo2Max: round(v, 1), estimated: true }) },
  'heart-rate': { ...sampled, metric: 'heart_rate', value: (v) => ({ beatsPerMinute: count(v), metadata: { motionContext: v > 100 ? 'ACTIVE' : 'SEDENTARY' } }), rollUp: { name: 'beatsPerMinute', by: 'range', tell: (v) => round(v, 1) }, cap: 14 },
  'heart-rate-variability': { ...sampled, metric: 'hrv_rmssd', value: (v) => ({ rootMeanSquareOfSuccessiveDifferencesMilliseconds: v, standardDeviationMilliseconds: round(v * 1.3, 1) }) },
  'oxygen-saturation': { ...sampled, metric: 'spo2', value: (v) => ({ percentage: v }) },
  weight: { ...sampled, metric: 'body_mass', value: (v) => ({ weightGrams: Math.round(v * 1000) }) },
  'body-fat': { ...sampled, metric: 'body_fat', value: (v) => ({ percentage: v }) },
  height: { ...sampled, metric: 'body_height', value: (v) => ({ heightMillimeters: count(v * 1000) }) },
  'blood-glucose': { ...sampled, metric: 'blood_glucose', value: (v) => ({ bloodGlucoseMilligramsPerDeciliter: round(v * 18.016, 1) }) },
  'core-body-temperature': { ...sampled, metric: 'body_temperature', value: (v) => ({ temperatureCelsius: v }) },
  'daily-resting-heart-rate': { ...daily, metric: 'resting_heart_rate', value: (v) => ({ beatsPerMinute: count(v) }) },
  'daily-heart-rate-variability': { ...daily, metric: 'hrv_rmssd', value: (v) => ({ averageHeartRateVariabilityMilliseconds: round(v, 1), deepSleepRootMeanSquareOfSuccessiveDifferencesMilliseconds: round(v * 1.1, 1), entropy: 2.9, nonRemHeartRateBeatsPerMinute: '54' }) },
  'daily-oxygen-saturation': { ...daily, metric: 'spo2', value: (v) => ({ averagePercentage: round(v, 1) }) },
  'daily-respiratory-rate': { ...daily, metric: 'respiratory_rate', value: (v) => ({ breathsPerMinute: round(v, 1) }) },
  'daily-sleep-temperature-derivations': { ...daily, metric: 'skin_temperature_deviation', value: (v) => ({ nightlyTemperatureCelsius: round(33.5 + v, 2), baselineTemperatureCelsius: 33.5 }) },
  sleep: { kind: 'session', scope: 'sleep' },
}

export const snake = (type: string): string => type.replaceAll('-', '_')
export const camel = (type: string): string => type.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

/** A draft a type and local date: what a notification tells of; nights and exercises are one each. */
export function* recordsOf(ids: Ids, account: Account): Iterable<Draft> {
  for (const [type, how] of Object.entries(types))
    if (how.kind !== 'session' && how.value)
      yield* how.kind === 'daily' ? dailyOf(type, how, account) : daysOf(type, how, account)
  yield* nightsOf(ids, account)
  yield* exercisesOf(ids, account)
}

function* daysOf(type: string, { metric = '', kind, value }: DataType, { measured }: Account): Iterable<Draft> {
  const days = new Map<string, Point[]>()
  const { t, v, length } = measured.column(metric)
  for (const [i, start] of t.entries()) {
    const [minutes, date] = [measured.offsetAt(start), measured.dateOf(start)]
    const end = start + (length[i] || (kind === 'interval' ? 60_000 : 0))
    const when =
      kind === 'interval'
        ? {
            interval: { ...spanOf(start, end, minutes, measured.offsetAt(end)), civilStartTime: civil(start, minutes) },
          }
        : { sampleTime: { physicalTime: rfc(start), utcOffset: offset(minutes) } }
    const day = days.get(date) ?? []
    days.set(date, day)
    day.push({ start, end, value: { [camel(type)]: { ...when, ...value?.(v[i] ?? 0) } } })
  }
  for (const [date, points] of days) {
    const [at, end] = [points[0]?.start ?? 0, points.at(-1)?.end ?? 0]
    yield { feed: type, id: `${type}/${date}`, at, end, date, body: { points } }
  }
}

function* dailyOf(type: string, { metric = '', value }: DataType, { measured }: Account): Iterable<Draft> {
  const stated = new Map([...measured.daysOf(metric)].map(([date, day]) => [date, day.value]))
  if (!stated.size) {
    const lists = new Map<string, number[]>()
    const { t, v } = measured.column(metric)
    for (const [i, at] of t.entries()) {
      const date = measured.dateOf(at)
      lists.set(date, [...(lists.get(date) ?? []), v[i] ?? 0])
    }
    for (const [date, list] of lists) stated.set(date, mean(list))
  }
  for (const [date, v] of stated) {
    const start = Date.parse(`${date}T00:00:00Z`)
    const point = { start, end: start, value: { [camel(type)]: { date: dateParts(date), ...value?.(v) } } }
    yield { feed: type, id: `${type}/${date}`, at: start, end: start + 86_400_000, date, body: { points: [point] } }
  }
}
