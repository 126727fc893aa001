/**
 * What can stand in a session, whatever it came from: how long it may last, and which figures it and its laps may have. All of it is the
 * catalogue's: `heart_rate_max` is judged as a heart rate, `distance` as a way of the sport, over the time that it is the figure of. What is
 * possible by itself must also fit what stands beside it.
 */
import { type ActivityType, activities, isOnFoot } from './activities.ts'
import type { SessionPart, SessionReading, SessionType, Totals } from './batch.ts'
import { faultOf, type Loss, limitsOf } from './limits.ts'
import type { RatePer } from './metric.ts'
import { catalogue, hasKind, isMetric, type MetricId } from './metrics.ts'

export interface SoundSession {
  /** Without the figures and parts that cannot be; null when it cannot be itself. */
  session: SessionReading | null
  losses: Loss[]
}

/**
 * A figure that cannot be is left out with its reason, and the session stays. `byHand`: figures that a person gave, who knows what a recording
 * that broke off does not: they are held against no length of it.
 */
export function soundSession(session: SessionReading, byHand: readonly string[] = []): SoundSession {
  const { type, activity = 'other', start, end } = session
  const fault = lengthFaultOf(type, start, end)
  if (fault) return { session: null, losses: [fault] }
  const losses: Loss[] = []
  const totals = soundTotals(session.totals, { type, activity, seconds: (end - start) / 1000 }, losses, byHand)
  const parts = session.parts.flatMap((part, i) => soundPart(part, i, type, activity, losses))
  if (!losses.length) return { session, losses }
  const derived = session.derived?.filter((name) => totals[name] !== undefined)
  return { session: { ...session, totals, parts, ...(derived && { derived }) }, losses }
}

/** What a figure is of. */
export interface FigureOf {
  type: SessionType
  activity: ActivityType
  /** How long it lasted; of 0 nothing is known about how fast it went. */
  seconds: number
  /** `lap 3`, where it is no figure of the whole. */
  part?: string
}

function soundPart(
  part: SessionPart,
  index: number,
  type: SessionType,
  activity: ActivityType,
  losses: Loss[],
): SessionPart[] {
  const name = `${part.kind} ${index + 1}`
  const seconds = (part.end - part.start) / 1000
  const fault = partLengthFault(name, seconds, lengthsOf(type)[1])
  if (fault) {
    losses.push(fault)
    return []
  }
  if (!part.totals) return [part]
  const before = losses.length
  const totals = soundTotals(part.totals, { type, activity, seconds, part: name }, losses)
  return [losses.length > before ? { ...part, totals } : part]
}

function soundTotals(totals: Totals, of: FigureOf, losses: Loss[], byHand: readonly string[] = []): Totals {
  const ofNoLength = { ...of, seconds: 0 }
  const faultOfOne = (name: string, value: number) =>
    figureFaultOf(name, value, byHand.includes(name) ? ofNoLength : of)
  const faults = Object.entries(totals).map(([name, value]) => [name, faultOfOne(name, value)] as const)
  const possible = without(totals, faults, losses)
  return without(possible, pairFaults(possible, of, byHand), losses)
}

function without(totals: Totals, faults: readonly (readonly [string, Loss | null])[], losses: Loss[]): Totals {
  const bad = new Map(faults.filter(([, fault]) => fault))
  for (const fault of bad.values()) if (fault) losses.push(fault)
  return bad.size ? Object.fromEntries(Object.entries(totals).filter(([name]) => !bad.has(name))) : totals
}

/** Of one figure, the least first: none of them can be above one that stands later. */
const bounds = ['_min', '_avg', '_max'] as const

/** Whole numbers are rounded ones: an average of 148.4 and a highest of 148 are no contradiction. */
const rounding = 0.5

/**
 * `heart_rate_min` ≤ `heart_rate_avg` ≤ `heart_rate_max`, and so for each figure of the catalogue. The average is made of all values and a
 * bound is one of them, so a bound that contradicts the average is left out; without an average nobody knows which of the two bounds is
 * wrong, and both are. What a person said stands.
 */
function pairFaults(totals: Totals, { part }: FigureOf, byHand: readonly string[]): [string, Loss][] {
  const faults: [string, Loss][] = []
  const called = (name: string) => (part === undefined ? name : `${name} of ${part}`)
  const figures = new Set(Object.keys(totals).flatMap((name) => /^(.+)_(?:min|avg|max)$/.exec(name)?.[1] ?? []))
  for (const figure of figures) {
    const [min, avg, max] = bounds.map((bound) => figure + bound) as [string, string, string]
    if (!metricOfFigure(avg) || [min, avg, max].some((name) => byHand.includes(name))) continue
    const pairs =
      totals[avg] === undefined
        ? [[min, max]]
        : [
            [min, avg],
            [avg, max],
          ]
    for (const [low = '', high = ''] of pairs)
      if (isAbove(totals[low], totals[high]))
        for (const name of [low, high].filter((one) => one !== avg)) {
          const detail = name === low ? `${called(low)} is above ${high}` : `${called(high)} is below ${low}`
          faults.push([name, { code: 'pair_impossible', detail }])
        }
  }
  return faults
}

function isAbove(low: number | undefined, high: number | undefined): boolean {
  if (low === undefined || high === undefined) return false
  const isWhole = Number.isInteger(low) || Number.isInteger(high)
  return low - high > (isWhole ? rounding : 0)
}

const metricOfType: Record<SessionType, MetricId> = {
  workout: 'workout',
  sleep: 'sleep',
  meditation: 'mindfulness_duration',
  ecg: 'ecg',
}

const never = Number.POSITIVE_INFINITY

/** Shortest and longest, in seconds. */
export function lengthsOf(type: SessionType): readonly [least: number, most: number] {
  const { rejectDuration, rejectDay = never } = catalogue[metricOfType[type]]
  return rejectDuration ?? [0, rejectDay]
}

/** Why a session cannot last from one time to the other; null when it can. */
export function lengthFaultOf(type: SessionType, start: number, end: number): Loss | null {
  const seconds = (end - start) / 1000
  const [least, most] = lengthsOf(type)
  if (Number.isNaN(seconds)) return { code: 'time_unreadable', detail: 'It has no beginning or no end' }
  if (seconds < 0) return { code: 'end_before_start', detail: 'It ends before it begins' }
  if (seconds < least)
    return { code: 'interval_too_short', detail: `A session of ${type} lasts ${inWords(least)} or longer` }
  return seconds > most
    ? { code: 'interval_too_long', detail: `A session of ${type} lasts ${inWords(most)} at most` }
    : null
}

function partLengthFault(name: string, seconds: number, most: number): Loss | null {
  if (Number.isNaN(seconds)) return { code: 'time_unreadable', detail: `${name} has no beginning or no end` }
  if (seconds < 0) return { code: 'end_before_start', detail: `${name} ends before it begins` }
  return seconds > most ? { code: 'interval_too_long', detail: `${name} lasts ${inWords(most)} at most` } : null
}

const perSecond: Record<RatePer, number> = { s: 1, min: 60, h: 3_600, day: 86_400 }
const units: readonly [name: string, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

function inWords(seconds: number): string {
  const [name, one] = units.find(([, one]) => seconds > one && seconds % one === 0) ?? ['second', 1]
  return `${seconds / one} ${name}s`
}

/** Lengths inside a session, which may last longer than the day that the catalogue's own of that name are for. */
const lengths: ReadonlySet<string> = new Set(['duration', 'active_duration', 'moving_duration'])

/** By which line of the catalogue a figure is judged; undefined for one that it knows nothing about. */
export function metricOfFigure(name: string): MetricId | undefined {
  if (name === 'elevation_loss') return 'elevation_gain'
  const base = isMetric(name) ? name : name.replace(/_(avg|max|min|normalized)$/, '')
  return isMetric(base) ? base : undefined
}

/** Why a figure cannot be; null when it can. One that the catalogue does not know has to be a number, and no more. */
export function figureFaultOf(name: string, value: number, of: FigureOf): Loss | null {
  const called = of.part === undefined ? name : `${name} of ${of.part}`
  if (!Number.isFinite(value)) return { code: 'value_not_finite', detail: `${called} is not a finite number` }
  if (lengths.has(name)) return rangeFault(called, value, [0, lengthsOf(of.type)[1]], 's')
  const metric = metricOfFigure(name)
  if (!metric) return null
  if (hasKind(metric, 'I') && (name === metric || metric === 'elevation_gain')) {
    const line = metric === 'distance' ? wayOf(of.activity) : metric
    return amountFault(called, value, line, of)
  }
  if (metric === 'speed') return rangeFault(called, value, [0, fastest(of.activity)], 'm/s')
  return faultOf({ ...limitsOf(metric), metric: called }, value, 0)
}

function rangeFault(name: string, value: number, [least, most]: readonly [number, number], unit: string): Loss | null {
  if (value >= least && value <= most) return null
  const range = most === never ? `at least ${least}` : `${least} to ${most}`
  return { code: 'out_of_range', detail: `${name} can be ${range} ${unit}` }
}

/** Counts are whole and clocks are rounded: less than the rate's own time counts as that. */
function amountFault(name: string, value: number, metric: MetricId, { activity, seconds }: FigureOf): Loss | null {
  const { unit, reject, rejectRate, rejectRateOnFoot, rejectDay = never } = catalogue[metric]
  const days = Math.max(1, seconds / perSecond.day)
  const mostOfDays = days * Math.min(rejectDay, reject?.[1] ?? never)
  if (value < 0 || value > mostOfDays) return rangeFault(name, value, [0, mostOfDays], unit)
  const rate = rejectRate ?? (isOnFoot(activity) ? rejectRateOnFoot : undefined)
  if (!rate || seconds === 0) return null
  const [most, per] = rate
  return value > most * Math.max(1, seconds / perSecond[per])
    ? { code: 'rate_impossible', detail: `${name} cannot grow this fast` }
    : null
}

const cycling: ReadonlySet<number> = new Set([2, 21])
const swimming = 5
const wheelchair = 65

/** The catalogue knows how fast people get along on foot, on wheels and in water. */
function wayOf(activity: ActivityType): MetricId {
  if (isOnFoot(activity)) return 'distance_walking_running'
  const [sport] = activities[activity].fit
  if (cycling.has(sport)) return 'distance_cycling'
  if (sport === swimming) return 'distance_swimming'
  return sport === wheelchair ? 'distance_wheelchair' : 'distance'
}

function fastest(activity: ActivityType): number {
  const [most, per] = catalogue[wayOf(activity)].rejectRate ?? [never, 's']
  return Math.min(most / perSecond[per], limitsOf('speed').most)
}
