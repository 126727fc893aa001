/** How long the heart, or the legs, worked how hard. */
import { longestHold } from './splits.ts'

export interface Zone {
  title: string
  /** From, included. */
  low: number
  /** To, excluded; the highest has no end. */
  high: number
}

export interface TimedZone extends Zone {
  seconds: number
}

/** Shares of the highest heart rate, as most watches part them. */
const heartShares = [
  ['Warm-up', 0.5],
  ['Easy', 0.6],
  ['Steady', 0.7],
  ['Hard', 0.8],
  ['Maximum', 0.9],
] as const

export function heartRateZones(highest: number): Zone[] {
  return zonesFrom(heartShares, highest)
}

/** Coggan's levels, as shares of the power one can hold for an hour. */
const powerShares = [
  ['Recovery', 0],
  ['Endurance', 0.55],
  ['Tempo', 0.75],
  ['Threshold', 0.9],
  ['VO₂ max', 1.05],
  ['Anaerobic', 1.2],
] as const

export function powerZones(threshold: number): Zone[] {
  return zonesFrom(powerShares, threshold)
}

function zonesFrom(shares: readonly (readonly [string, number])[], of: number): Zone[] {
  return shares.map(([title, share], i) => ({
    title,
    low: Math.round(share * of),
    high: Math.round((shares[i + 1]?.[1] ?? Number.POSITIVE_INFINITY) * of),
  }))
}

type Values = readonly (number | null)[]

/** Each value holds until the next one, but no longer than half a minute: a gap is nobody's zone. */
export function timeInZones(time: readonly number[], values: Values, zones: readonly Zone[]): TimedZone[] {
  const seconds = zones.map(() => 0)
  for (const { value, lasting } of holding(time, values)) {
    const zone = zones.findIndex(({ low, high }) => value >= low && value < high)
    if (zone >= 0) seconds[zone] = (seconds[zone] ?? 0) + lasting / 1_000
  }
  return zones.map((zone, i) => ({ ...zone, seconds: seconds[i] ?? 0 }))
}

function* holding(time: readonly number[], values: Values): Generator<{ value: number; lasting: number }> {
  let before: { at: number; value: number } | undefined
  for (const [i, value] of values.entries()) {
    if (typeof value !== 'number') continue
    const at = time[i] ?? 0
    if (before) yield { value: before.value, lasting: Math.min(longestHold, at - before.at) }
    before = { at, value }
  }
}

export interface Highest {
  value: number
  why: 'measured' | 'age'
}

/** 220 minus age is a rule of thumb; a heart that was measured beating faster overrules it. */
export function highestHeartRate(
  measured: number | undefined,
  birthOn: string | null,
  on: string,
): Highest | undefined {
  const age = birthOn === null ? undefined : ageOn(birthOn, on)
  const byAge = age === undefined || age < 5 ? undefined : 220 - age
  if (byAge !== undefined && (measured === undefined || measured < byAge)) return { value: byAge, why: 'age' }
  return measured === undefined ? undefined : { value: measured, why: 'measured' }
}

function ageOn(birthOn: string, on: string): number {
  const years = Number(on.slice(0, 4)) - Number(birthOn.slice(0, 4))
  return on.slice(5, 10) < birthOn.slice(5, 10) ? years - 1 : years
}

/** The power of the best twenty minutes; undefined when it was not measured for so long. */
export function bestTwentyMinutes(time: readonly number[], values: Values): number | undefined {
  const length = 20 * 60_000
  const pieces = [...holding(time, values)]
  let [from, sum, held] = [0, 0, 0]
  let best: number | undefined
  for (const { value, lasting } of pieces) {
    sum += value * lasting
    held += lasting
    while (held - (pieces[from]?.lasting ?? 0) >= length) {
      const left = pieces[from++]
      if (!left) break
      sum -= left.value * left.lasting
      held -= left.lasting
    }
    if (held >= length) best = Math.max(best ?? 0, sum / held)
  }
  return best
}
