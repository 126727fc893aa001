/**
 * Fewer points for a chart or a table. `minMax` and `lttb` choose among the real points; `buckets` computes.
 * Ascending points in, ascending points out.
 */
import { type Points, pickPoints } from './points.ts'

/** Times and values are all that thinning looks at. */
type Curve = Pick<Points, 'n' | 't' | 'v'>

/** At most `n` points: of each of n ÷ 2 equal stretches of time its lowest and its highest, so no peak is lost. */
export function minMax(points: Points, n: number): Points {
  return points.n <= n ? points : pickPoints(points, minMaxIndices(points, n))
}

/** At most `n` points that keep the curve's shape (largest triangle, three buckets; S. Steinarsson 2013). */
export function lttb(points: Points, n: number): Points {
  return points.n <= n ? points : pickPoints(points, lttbIndices(points, n))
}

function minMaxIndices({ t, v, n: total }: Curve, n: number): number[] {
  const stretches = Math.max(1, Math.floor(n / 2))
  const first = t[0] as number
  const width = ((t[total - 1] as number) - first) / stretches || 1
  const chosen: number[] = []
  for (let i = 0, stretch = 1; i < total; stretch++) {
    const end = stretch >= stretches ? Number.POSITIVE_INFINITY : first + width * stretch
    let low = i
    let high = i
    let lowest = v[i] as number
    let highest = lowest
    const start = i
    for (; i < total && (t[i] as number) < end; i++) {
      const value = v[i] as number
      if (value < lowest) {
        lowest = value
        low = i
      } else if (value > highest) {
        highest = value
        high = i
      }
    }
    if (i === start) continue
    if (low === high) chosen.push(low)
    else chosen.push(Math.min(low, high), Math.max(low, high))
  }
  return chosen.slice(0, Math.max(n, 1))
}

function lttbIndices({ t, v, n: total }: Curve, n: number): number[] {
  if (n < 3) return [0, total - 1].slice(0, Math.max(n, 1))
  const chosen = [0]
  const size = (total - 2) / (n - 2)
  let anchor = 0
  for (let bucket = 0; bucket < n - 2; bucket++) {
    const start = Math.floor(bucket * size) + 1
    const end = Math.floor((bucket + 1) * size) + 1
    const after = meanOf(t, v, end, Math.min(Math.floor((bucket + 2) * size) + 1, total))
    const anchorT = t[anchor] as number
    const anchorV = v[anchor] as number
    const spanT = anchorT - after.t
    const spanV = after.v - anchorV
    let best = start
    let bestArea = -1
    for (let i = start; i < end; i++) {
      const area = Math.abs(spanT * ((v[i] as number) - anchorV) - (anchorT - (t[i] as number)) * spanV)
      if (area > bestArea) {
        bestArea = area
        best = i
      }
    }
    chosen.push(best)
    anchor = best
  }
  chosen.push(total - 1)
  return chosen
}

function meanOf(t: Float64Array, v: Float64Array, start: number, end: number): { t: number; v: number } {
  let sumT = 0
  let sumV = 0
  for (let i = start; i < end; i++) {
    sumT += t[i] as number
    sumV += v[i] as number
  }
  return { t: sumT / (end - start), v: sumV / (end - start) }
}
