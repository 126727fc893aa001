/** An ECG as paper shows it: 25 mm for a second, 10 mm for a millivolt. Pure. */

export const millimetresPerSecond = 25
const millimetresPerMillivolt = 10

export interface Strip {
  /** Seconds from the start. */
  from: number
  seconds: number
  /** For an SVG path, in millimetres; y grows downwards, 0 is the middle line. */
  path: string
}

/** Microvolts over milliseconds from the start, cut into strips of so many seconds. A gap lifts the pen. */
export function stripsOf(time: readonly number[], microvolts: readonly (number | null)[], seconds: number): Strip[] {
  const end = (time.at(-1) ?? 0) / 1_000
  const usual = usualStep(time)
  const strips: Strip[] = Array.from({ length: Math.max(1, Math.ceil(end / seconds - 1e-6)) }, (_, i) => ({
    from: i * seconds,
    seconds,
    path: '',
  }))
  let before: { strip: number; at: number } | undefined
  for (const [i, at] of time.entries()) {
    const value = microvolts[i]
    if (typeof value !== 'number') continue
    const index = Math.min(strips.length - 1, Math.floor(at / 1_000 / seconds))
    const strip = strips[index]
    if (!strip) continue
    const goesOn = before?.strip === index && at - before.at <= 3 * usual
    const x = (at / 1_000 - strip.from) * millimetresPerSecond
    const y = -(value / 1_000) * millimetresPerMillivolt
    strip.path += `${goesOn ? 'L' : 'M'}${x.toFixed(2)} ${y.toFixed(2)}`
    before = { strip: index, at }
  }
  return strips
}

export interface Extremes {
  /** From the start. */
  second: number
  /** Microvolts. */
  low: number
  high: number
}

/** What can be said of a trace in figures: how far it reaches in each second. */
export function extremesOf(time: readonly number[], microvolts: readonly (number | null)[]): Extremes[] {
  const seconds = new Map<number, Extremes>()
  for (const [i, at] of time.entries()) {
    const value = microvolts[i]
    if (typeof value !== 'number') continue
    const second = Math.floor(at / 1_000)
    const { low, high } = seconds.get(second) ?? { low: value, high: value }
    seconds.set(second, { second, low: Math.min(low, value), high: Math.max(high, value) })
  }
  return [...seconds.values()]
}

function usualStep(time: readonly number[]): number {
  const steps = time
    .slice(1, 200)
    .map((at, i) => at - (time[i] ?? 0))
    .sort((a, b) => a - b)
  return steps[steps.length >> 1] ?? 0
}

/** Half of the paper's height in millimetres: what the trace needs, in whole large squares, two at least. */
export function halfHeight(microvolts: readonly (number | null)[]): number {
  const most = microvolts.reduce<number>((high, value) => Math.max(high, Math.abs(value ?? 0)), 0)
  return Math.max(10, Math.min(40, 5 * Math.ceil(((most / 1_000) * millimetresPerMillivolt + 1) / 5)))
}
