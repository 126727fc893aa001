import { base } from '../fit/base-types.ts'
import { FitWriter, fitPlace, fitSeconds } from '../fit/write.ts'

export interface RideOptions {
  /** Milliseconds since 1970. */
  start: number
  /** One record a second. */
  seconds: number
  /** FIT numbers; cycling on a road when absent. */
  sport?: number
  subSport?: number
  manufacturer?: number
  product?: number
  serial?: number
  /** Minutes east of UTC; the file does not say when absent. */
  offset?: number
  /** Seconds of one lap; 20 minutes when absent. */
  lapSeconds?: number
  /** Another seed, other values. */
  seed?: number
}

// biome-ignore format: a table, one line for each field.
const recordShape = [
  [253, base.uint32], [0, base.sint32], [1, base.sint32], [78, base.uint32], [3, base.uint8], [4, base.uint8],
  [5, base.uint32], [73, base.uint32], [7, base.uint16], [13, base.sint8],
] as const

/** A made-up ride as a device writes it: ten fields a second, laps, one pause-free session. The same options give the same bytes. */
export function writeRide(options: RideOptions): Uint8Array {
  const {
    start,
    seconds,
    sport = 2,
    subSport = 0,
    manufacturer = 1,
    product = 3121,
    serial = 3_345_678_901,
    lapSeconds = 1200,
  } = options
  const begin = fitSeconds(start)
  const end = begin + seconds - 1
  const fit = new FitWriter()
  fit.define(0, 0, [
    [0, base.enum],
    [1, base.uint16],
    [2, base.uint16],
    [3, base.uint32z],
    [4, base.uint32],
  ])
  fit.message(0, [4, manufacturer, product, serial, begin])
  fit.define(1, 23, [
    [253, base.uint32],
    [0, base.uint8],
    [2, base.uint16],
    [3, base.uint32z],
    [4, base.uint16],
    [5, base.uint16],
  ])
  fit.message(1, [begin, 0, manufacturer, serial, product, 940])
  fit.define(2, 21, [
    [253, base.uint32],
    [0, base.enum],
    [1, base.enum],
  ])
  fit.message(2, [begin, 0, 0])
  fit.define(3, 20, recordShape)
  const metres = writeRecords(fit, begin, seconds, options.seed ?? 1)
  fit.message(2, [end, 0, 4])
  writeLaps(fit, begin, seconds, lapSeconds, metres)
  fit.define(5, 18, [
    [253, base.uint32],
    [2, base.uint32],
    [7, base.uint32],
    [8, base.uint32],
    [9, base.uint32],
    [5, base.enum],
    [6, base.enum],
    [25, base.uint16],
    [26, base.uint16],
  ])
  const elapsed = (seconds - 1) * 1000
  fit.message(5, [
    end,
    begin,
    elapsed,
    elapsed,
    Math.round((metres.at(-1) ?? 0) * 100),
    sport,
    subSport,
    0,
    Math.ceil(seconds / lapSeconds),
  ])
  fit.define(6, 34, [
    [253, base.uint32],
    [1, base.uint16],
    [5, base.uint32],
  ])
  fit.message(6, [end, 1, options.offset === undefined ? 0xffffffff : end + options.offset * 60])
  return fit.finish()
}

/** Returns the distance in metres at each second. */
function writeRecords(fit: FitWriter, begin: number, seconds: number, seed: number): Float64Array {
  const random = pseudoRandom(seed)
  const metres = new Float64Array(seconds)
  let distance = 0
  for (let i = 0; i < seconds; i++) {
    const effort = 0.6 + 0.3 * Math.sin(i / 97) + 0.1 * (random() - 0.5)
    const speed = 4 + 6 * effort
    if (i > 0) distance += speed
    metres[i] = distance
    const lat = 50.06 + 0.05 * Math.sin(distance / 9000)
    const lon = 19.94 + 0.08 * Math.cos(distance / 9000)
    const elevation = 220 + 40 * Math.sin(distance / 3000)
    fit.message(3, [
      begin + i,
      fitPlace(lat),
      fitPlace(lon),
      Math.round((elevation + 500) * 5),
      Math.round(90 + 70 * effort),
      Math.round(70 + 25 * effort),
      Math.round(distance * 100),
      Math.round(speed * 1000),
      Math.round(80 + 220 * effort + 30 * random()),
      18 + Math.round(3 * Math.sin(i / 4000)),
    ])
  }
  return metres
}

function writeLaps(fit: FitWriter, begin: number, seconds: number, lapSeconds: number, metres: Float64Array): void {
  fit.define(4, 19, [
    [253, base.uint32],
    [2, base.uint32],
    [7, base.uint32],
    [8, base.uint32],
    [9, base.uint32],
    [24, base.enum],
  ])
  for (let from = 0; from < seconds; from += lapSeconds) {
    const to = Math.min(from + lapSeconds, seconds - 1)
    const covered = (metres[to] ?? 0) - (metres[from] ?? 0)
    fit.message(4, [
      begin + to,
      begin + from,
      (to - from) * 1000,
      (to - from) * 1000,
      Math.round(covered * 100),
      to === seconds - 1 ? 7 : 1,
    ])
  }
}

/** mulberry32: small, even, and the same everywhere. */
export function pseudoRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
