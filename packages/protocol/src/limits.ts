/** The catalogue's limits, made ready for a loop over a column. Reasons are whole sentences: a person reads them. */
import type { RatePer } from './metric.ts'
import { catalogue, type MetricId, metricIds } from './metrics.ts'

export interface Limits {
  /** What is judged, as reasons call it. */
  metric: string
  unit: string
  /** Inclusive. */
  least: number
  most: number
  zeroIsMissing: boolean
  /** Amounts over a time: highest value per millisecond. */
  mostPerMs: number
  /** Whether a length makes it an amount over a time. */
  amount: boolean
  /** Of an amount that says no length, and of a whole day. */
  mostADay: number
  /** Beyond these a value is kept, but not plausible. */
  flagLeast: number
  flagMost: number
  flagMostPerMs: number
  flagMostADay: number
}

export interface Loss {
  code: string
  detail: string
}

const msPer: Record<RatePer, number> = { s: 1_000, min: 60_000, h: 3_600_000, day: 86_400_000 }
const never = Number.POSITIVE_INFINITY

const earliestMs = Date.UTC(2000, 0, 1)
/** Clocks that are a little fast are forgiven. */
const aheadMs = 600_000
/** No amount is counted over more than a day and a half: a longer one is a decoding error. */
const longestAmountMs = 36 * 3_600_000

const byMetric = new Map(metricIds.map((metric) => [metric, make(metric)]))

export function limitsOf(metric: MetricId): Limits {
  return byMetric.get(metric) ?? make(metric)
}

function make(metric: MetricId): Limits {
  const line = catalogue[metric]
  const amount = line.kind.includes('I')
  const perMs = (rate: readonly [number, RatePer] | undefined) => (rate ? rate[0] / msPer[rate[1]] : never)
  const flagDay = line.flagDay
  return {
    metric,
    unit: line.unit,
    least: line.reject?.[0] ?? (amount ? 0 : -never),
    most: line.reject?.[1] ?? never,
    zeroIsMissing: line.zeroIsMissing === true,
    mostPerMs: perMs(line.rejectRate),
    amount,
    mostADay: line.rejectDay ?? never,
    flagLeast: line.flag?.[0] ?? -never,
    flagMost: line.flag?.[1] ?? never,
    flagMostPerMs: perMs(line.flagRate),
    flagMostADay: typeof flagDay === 'number' ? flagDay : (flagDay?.[1] ?? never),
  }
}

/** Why a value cannot be; null when it can. `length` is 0 for an instant. */
export function faultOf(limits: Limits, value: number, length: number): Loss | null {
  if (!Number.isFinite(value)) return { code: 'value_not_finite', detail: 'The value is not a finite number' }
  if (value === 0 && limits.zeroIsMissing)
    return { code: 'zero_is_missing', detail: `0 means that ${limits.metric} was not measured` }
  if (value < limits.least || value > limits.most) return outOfRange(limits, limits.least, limits.most)
  if (length < 0) return { code: 'end_before_start', detail: 'It ends before it begins' }
  if (!limits.amount) return null
  if (length > longestAmountMs)
    return { code: 'interval_too_long', detail: 'An amount is counted over 36 hours at most' }
  if (length === 0 ? value > limits.mostADay : value / length > limits.mostPerMs)
    return { code: 'rate_impossible', detail: `${limits.metric} cannot grow this fast` }
  return null
}

/** Why a whole day's figure cannot be. An amount's limits are for a record, so a day has its own. */
export function dayFaultOf(limits: Limits, value: number): Loss | null {
  const most = limits.amount ? limits.mostADay : limits.most
  if (!Number.isFinite(value) || (value === 0 && limits.zeroIsMissing)) return faultOf(limits, value, 0)
  return value < limits.least || value > most ? outOfRange(limits, limits.least, most) : null
}

export function isImplausible(limits: Limits, value: number, length: number): boolean {
  if (value < limits.flagLeast || value > limits.flagMost) return true
  return limits.amount && (length > 0 ? value / length > limits.flagMostPerMs : value > limits.flagMostADay)
}

export const isImplausibleDay = (limits: Limits, value: number): boolean =>
  limits.amount ? value > limits.flagMostADay : isImplausible(limits, value, 0)

/** Why a time cannot be; null when it can. */
export function timeFaultOf(ms: number, now: number): Loss | null {
  if (!(ms >= earliestMs)) return { code: 'time_too_early', detail: 'Nothing is taken from before the year 2000' }
  return ms > now + aheadMs ? { code: 'time_in_future', detail: 'The time lies in the future' } : null
}

function outOfRange({ metric, unit }: Limits, least: number, most: number): Loss {
  const range = most === never ? `at least ${least}` : least === -never ? `at most ${most}` : `${least} to ${most}`
  return { code: 'out_of_range', detail: `${metric} can be ${range} ${unit}` }
}
