/** A way parted by how much of something there was, so that each step can be drawn in its colour. Pure. */

import { nearestIndex } from '../../charts/columns.ts'
import type { RouteShape } from '../../charts/route-shape.ts'

export interface Scale {
  low: number
  high: number
}

/** From the value that 2% lie below to the one that 2% lie above: one stray second must not grey out the rest. */
export function scaleOf(values: readonly (number | null)[]): Scale | undefined {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b)
  const at = (share: number) => known[Math.round(share * (known.length - 1))]
  const [low, high] = [at(0.02), at(0.98)]
  return low === undefined || high === undefined || low === high ? undefined : { low, high }
}

/** Values of one column of times at the times of another; null farther than ten seconds from any. */
export function valuesAt(
  times: readonly number[],
  from: { time: readonly number[]; values: readonly (number | null)[] },
): (number | null)[] {
  const known = from.values.flatMap((value, i) => (value === null ? [] : [{ value, at: from.time[i] ?? 0 }]))
  const at = known.map((point) => point.at)
  return times.map((time) => {
    const point = known[nearestIndex(at, time)]
    return point && Math.abs(point.at - time) <= 10_000 ? point.value : null
  })
}

/** One SVG path for each step, from little to much, and one for where nothing is known. */
export function colouredPaths(
  points: RouteShape['points'],
  values: readonly (number | null)[],
  { low, high }: Scale,
  steps: number,
): { paths: string[]; unknown: string } {
  const paths = Array.from({ length: steps }, () => '')
  let unknown = ''
  let last = -2
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1], points[i]]
    if (!from || !to) {
      last = -2
      continue
    }
    const value = values[i] ?? null
    const step =
      value === null ? -1 : Math.min(steps - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * steps)))
    const piece = `${step === last ? '' : `M${from.x} ${from.y}`}L${to.x} ${to.y}`
    if (step === -1) unknown += piece
    else paths[step] += piece
    last = step
  }
  return { paths, unknown }
}
