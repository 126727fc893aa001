/** A way cut into kilometres or miles. Times are milliseconds from anywhere, distances metres. */

export interface Way {
  time: readonly number[]
  /** Metres from the start; null where it was not known. */
  distance: readonly (number | null)[]
  heartRate?: readonly (number | null)[] | undefined
  elevation?: readonly (number | null)[] | undefined
}

export interface Split {
  /** Metres; the last one may be shorter than the others. */
  length: number
  /** Without pauses. */
  seconds: number
  heartRate: number | null
  /** Metres between its beginning and its end, down is negative. */
  climb: number | null
}

export interface Stretch {
  from: number
  to: number
}

/** What is left at the end counts as a split when it says something: 50 metres do not. */
const shortestRest = 50

/** Where the line of distance crosses each whole unit, between two points as if the speed had not changed. */
export function splitsOf(way: Way, unit: number, pauses: readonly Stretch[] = []): Split[] {
  const points = way.time.flatMap((at, index) => {
    const metres = way.distance[index]
    return typeof metres === 'number' ? [{ at, metres, index }] : []
  })
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return []
  const marks = [{ at: first.at, metres: first.metres }]
  let next = first.metres + unit
  for (const [i, point] of points.entries()) {
    const before = points[i - 1]
    while (before && point.metres >= next) {
      const share = (next - before.metres) / (point.metres - before.metres)
      marks.push({ at: before.at + share * (point.at - before.at), metres: next })
      next += unit
    }
  }
  const end = marks.at(-1)
  if (end && last.metres - end.metres >= shortestRest) marks.push({ at: last.at, metres: last.metres })
  return marks.slice(1).map((mark, i) => splitBetween(way, marks[i] ?? mark, mark, pauses))
}

interface Mark {
  at: number
  metres: number
}

function splitBetween(way: Way, from: Mark, to: Mark, pauses: readonly Stretch[]): Split {
  const paused = pauses.reduce(
    (sum, pause) => sum + Math.max(0, Math.min(to.at, pause.to) - Math.max(from.at, pause.from)),
    0,
  )
  const [low, high] = [valueAt(way.time, way.elevation, from.at), valueAt(way.time, way.elevation, to.at)]
  return {
    length: to.metres - from.metres,
    seconds: (to.at - from.at - paused) / 1_000,
    heartRate: meanBetween(way.time, way.heartRate, from.at, to.at),
    climb: low === null || high === null ? null : high - low,
  }
}

type Values = readonly (number | null)[] | undefined

/** Each value counts as long as it stood, so that recording unevenly does not tip the mean. */
function meanBetween(time: readonly number[], values: Values, from: number, to: number): number | null {
  if (!values) return null
  let [sum, weight] = [0, 0]
  for (const [i, at] of time.entries()) {
    const value = values[i]
    if (typeof value !== 'number' || at < from || at > to) continue
    const lasting = Math.min(longestHold, Math.max(1, (time[i + 1] ?? at) - at))
    sum += value * lasting
    weight += lasting
  }
  return weight > 0 ? sum / weight : null
}

/** A value says nothing of what comes half a minute later. */
export const longestHold = 30_000

function valueAt(time: readonly number[], values: Values, at: number): number | null {
  if (!values) return null
  let nearest: number | null = null
  let away = Number.POSITIVE_INFINITY
  for (const [i, value] of values.entries()) {
    const distance = Math.abs((time[i] ?? 0) - at)
    if (typeof value !== 'number' || distance >= away) continue
    nearest = value
    away = distance
  }
  return away <= longestHold ? nearest : null
}

type Place = { lat: number; lon: number }

const earthRadius = 6_371_008.8 // metres, the mean of IUGG

/** Metres from the start along a way of positions; a lost signal is bridged in a straight line. */
export function distanceAlong(lat: readonly (number | null)[], lon: readonly (number | null)[]): (number | null)[] {
  let metres = 0
  let before: Place | undefined
  return lat.map((north, i) => {
    const east = lon[i] ?? null
    if (north === null || east === null) return null
    const here = { lat: north, lon: east }
    if (before) metres += metresBetween(before, here)
    before = here
    return metres
  })
}

/** As the crow flies. */
export function metresBetween(a: Place, b: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const [north, east] = [radians(b.lat - a.lat) / 2, radians(b.lon - a.lon) / 2]
  const h = Math.sin(north) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(east) ** 2
  return 2 * earthRadius * Math.asin(Math.sqrt(h))
}
