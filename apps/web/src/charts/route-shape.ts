/** A way over the ground as a flat picture, true to shape. */

export interface RouteShape {
  width: number
  height: number
  /** For an SVG path; a lost signal lifts the pen. */
  path: string
  /** Where each point of the track lies in the picture; null where it has no position. */
  points: ({ x: number; y: number } | null)[]
}

type Degrees = readonly (number | null)[]

/**
 * Equirectangular, with longitudes shrunk by the cosine of the middle latitude: over the few kilometres of a workout a
 * metre is as long to the north as to the east.
 */
export function routeShape(lat: Degrees, lon: Degrees, longestSide: number): RouteShape | undefined {
  const flat = flatten(lat, lon)
  const known = flat.filter((point) => point !== null)
  if (known.length === 0) return undefined
  const [left, right] = ends(known.map(({ x }) => x))
  const [top, bottom] = ends(known.map(({ y }) => y))
  // A person who never moved is a point in the middle, not a division by zero.
  const scale = longestSide / (Math.max(right - left, bottom - top) || 1)
  const points = flat.map((point) => point && { x: round((point.x - left) * scale), y: round((point.y - top) * scale) })
  return { width: round((right - left) * scale), height: round((bottom - top) * scale), path: pathOf(points), points }
}

function flatten(lat: Degrees, lon: Degrees): ({ x: number; y: number } | null)[] {
  const latitudes = lat.filter((degrees) => degrees !== null)
  const [south, north] = ends(latitudes)
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  let before: number | undefined
  return lat.map((y, index) => {
    const east = lon[index] ?? null
    if (y === null || east === null) return null
    // Across the 180th meridian the numbers jump by a whole turn, the person did not.
    const x: number = before === undefined ? east : east - 360 * Math.round((east - before) / 360)
    before = x
    return { x: x * shrink, y: -y }
  })
}

function pathOf(points: RouteShape['points']): string {
  let pen = 'M'
  let path = ''
  for (const point of points) {
    if (point) path += `${pen}${point.x} ${point.y}`
    pen = point ? 'L' : 'M'
  }
  return path
}

function ends(values: readonly number[]): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return [least, most]
}

const round = (value: number) => Math.round(value * 10) / 10
