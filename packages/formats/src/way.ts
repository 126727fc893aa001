import type { Stream } from '@tributary/protocol'
import { Floats } from './columns.ts'
import { haversine } from './geo.ts'
import { medianOfFive } from './median.ts'
import type { Pause } from './totals.ts'

/** Positions in columns of equal length; `segment` counts stretches without a pause. */
export interface Way {
  t: Float64Array
  lat: Float64Array
  lon: Float64Array
  ele: Float64Array
  accuracy: Float64Array
  segment: Float64Array
}

/** Metres; a vaguer place would only make the way longer. */
const worstAccuracy = 50
/** m/s; faster is a jump of the receiver. */
const fastest = 70

/** Metres so far at each timed place; jumps between segments, vague places and speeds of aircraft are left out. */
export function distanceAlong(way: Way): Stream | undefined {
  const t = new Floats()
  const v = new Floats()
  let metres = 0
  let from = -1
  for (let i = 0; i < way.t.length; i++) {
    const at = way.t[i] as number
    if (Number.isNaN(at) || (way.accuracy[i] as number) > worstAccuracy) continue
    if (from >= 0 && way.segment[from] === way.segment[i]) {
      const step = haversine(
        way.lat[from] as number,
        way.lon[from] as number,
        way.lat[i] as number,
        way.lon[i] as number,
      )
      if (step * 1000 > fastest * (at - (way.t[from] as number))) continue
      metres += step
    }
    t.push(at)
    v.push(metres)
    from = i
  }
  return t.length > 1 ? { t: t.view.slice(), v: v.view.slice() } : undefined
}

/** m/s from each place to the next one of its stretch; the last one goes on with the speed that led to it. */
export function speedFrom(distance: Stream, pauses: Pause[]): Stream | undefined {
  const t = new Floats()
  const v = new Floats()
  const stops = new Set(pauses.map((pause) => pause.end))
  for (let i = 1; i < distance.t.length; i++) {
    const [from, to] = [distance.t[i - 1] as number, distance.t[i] as number]
    const metres = (distance.v[i] as number) - (distance.v[i - 1] as number)
    if (to > from && metres >= 0 && !stops.has(to)) {
      t.push(from)
      v.push((metres * 1000) / (to - from))
    } else if (to > from && v.last !== undefined) {
      t.push(from)
      v.push(v.last)
    }
  }
  const end = distance.t.at(-1)
  if (end === undefined || v.last === undefined) return undefined
  t.push(end)
  v.push(v.last)
  const raw = v.view
  return { t: t.view.slice(), v: raw.map((_, i) => medianOfFive(raw, i)) }
}
