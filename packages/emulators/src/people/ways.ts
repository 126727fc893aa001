/** Places where people really run and ride, as a few points each; a way is the smooth line through them. */
import { randomFor } from './random.ts'

type Point = readonly [lat: number, lon: number]

interface Place {
  name: string
  points: readonly Point[]
  /** Back the same way, else round and round. */
  returns: boolean
  /** Metres above the sea, and how far the way goes up and down. */
  ground: number
  hills: number
}

// biome-ignore format: a table, one line for each place.
export const places = {
  tagus: { name: 'Along the Tagus', returns: true, ground: 6, hills: 3, points: [[38.6938, -9.205], [38.696, -9.19], [38.6985, -9.179], [38.7, -9.17], [38.704, -9.156], [38.7065, -9.145]] },
  monsanto: { name: 'Monsanto', returns: false, ground: 120, hills: 55, points: [[38.722, -9.178], [38.73, -9.186], [38.733, -9.198], [38.725, -9.208], [38.716, -9.2], [38.715, -9.186]] },
  guincho: { name: 'Coast road to Guincho', returns: true, ground: 22, hills: 18, points: [[38.699, -9.245], [38.698, -9.272], [38.69, -9.312], [38.683, -9.335], [38.688, -9.37], [38.7, -9.399], [38.697, -9.421], [38.696, -9.445], [38.713, -9.478], [38.727, -9.474]] },
  palace: { name: 'Imperial Palace', returns: false, ground: 14, hills: 12, points: [[35.681, 139.758], [35.688, 139.76], [35.691, 139.753], [35.689, 139.745], [35.684, 139.742], [35.679, 139.745], [35.676, 139.752], [35.678, 139.757]] },
  arakawa: { name: 'Arakawa dike', returns: true, ground: 4, hills: 2, points: [[35.72, 139.828], [35.745, 139.817], [35.762, 139.79], [35.779, 139.745], [35.79, 139.7], [35.815, 139.668]] },
  centralPark: { name: 'Central Park', returns: false, ground: 25, hills: 16, points: [[40.7681, -73.9819], [40.7644, -73.973], [40.774, -73.966], [40.7866, -73.9575], [40.7966, -73.949], [40.8005, -73.9582], [40.785, -73.969]] },
  hudson: { name: 'Hudson greenway', returns: true, ground: 5, hills: 4, points: [[40.702, -74.016], [40.7265, -74.0125], [40.751, -74.008], [40.772, -73.995], [40.8, -73.974], [40.83, -73.953], [40.8505, -73.9465]] },
} as const satisfies Record<string, Place>

export type PlaceName = keyof typeof places

/** Where one runs and where one rides, by zone. */
export function groundsOf(zone: string): { run: PlaceName; hilly: PlaceName; ride: PlaceName } {
  if (/^(Asia|Australia|Pacific|Indian)\//.test(zone)) return { run: 'palace', hilly: 'palace', ride: 'arakawa' }
  if (zone.startsWith('America/')) return { run: 'centralPark', hilly: 'centralPark', ride: 'hudson' }
  return { run: 'tagus', hilly: 'monsanto', ride: 'guincho' }
}

export interface Way {
  name: string
  /** Metres of once round, or there and back. */
  length: number
  at(metres: number): { lat: number; lon: number; ele: number }
}

const metresPerDegree = 111_195
const stepsBetween = 24

const known = new Map<PlaceName, Way>()

export function wayOf(place: PlaceName): Way {
  const way = known.get(place) ?? makeWay(places[place])
  known.set(place, way)
  return way
}

function makeWay({ name, points, returns, ground, hills }: Place): Way {
  const line = smooth(points, !returns)
  const lengths = [0]
  for (let i = 1; i < line.length; i++)
    lengths.push((lengths[i - 1] ?? 0) + metres(line[i - 1] ?? [0, 0], line[i] ?? [0, 0]))
  const oneWay = lengths.at(-1) ?? 0
  const random = randomFor('hills', name)
  const waves = [1, 2, 3, 5].map((times) => ({ times, phase: random.between(0, 2 * Math.PI), share: 1 / times }))
  return {
    name,
    length: returns ? 2 * oneWay : oneWay,
    at: (distance) => {
      const along = returns ? mirror(distance, oneWay) : distance % oneWay
      let i = lowerBound(lengths, along)
      i = Math.min(Math.max(1, i), line.length - 1)
      const [from, to] = [lengths[i - 1] ?? 0, lengths[i] ?? 1]
      const share = to > from ? (along - from) / (to - from) : 0
      const [a, b] = [line[i - 1] ?? [0, 0], line[i] ?? [0, 0]]
      const wave = waves.reduce(
        (sum, w) => sum + w.share * Math.sin((2 * Math.PI * w.times * along) / oneWay + w.phase),
        0,
      )
      return {
        lat: a[0] + (b[0] - a[0]) * share,
        lon: a[1] + (b[1] - a[1]) * share,
        ele: Math.max(1, ground + (hills * wave) / 2),
      }
    },
  }
}

function mirror(distance: number, oneWay: number): number {
  const within = distance % (2 * oneWay)
  return within <= oneWay ? within : 2 * oneWay - within
}

/** Catmull–Rom: goes through every point. */
function smooth(points: readonly Point[], closed: boolean): Point[] {
  const n = points.length
  const point = (i: number): Point => points[closed ? (i + n) % n : Math.min(n - 1, Math.max(0, i))] ?? [0, 0]
  const line: Point[] = []
  for (let i = 0; i < (closed ? n : n - 1); i++)
    for (let k = 0; k < stepsBetween; k++) {
      const part = (axis: 0 | 1) =>
        curve(point(i - 1)[axis], point(i)[axis], point(i + 1)[axis], point(i + 2)[axis], k / stepsBetween)
      line.push([part(0), part(1)])
    }
  line.push(point(closed ? 0 : n - 1))
  return line
}

const curve = (a: number, b: number, c: number, d: number, t: number) =>
  0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3)

/** Good to a thousandth over these few kilometres. */
function metres(a: Point, b: Point): number {
  const east = (b[1] - a[1]) * Math.cos((a[0] * Math.PI) / 180)
  return metresPerDegree * Math.hypot(b[0] - a[0], east)
}

function lowerBound(list: readonly number[], value: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((list[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}
