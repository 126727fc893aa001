/** How fast points become bytes and back, and how few bytes: `node apps/server/bench/codec.bench.ts`. */
import { decode, decodeInto, encode } from '../src/platform/samples/codec.ts'
import { pack, unpack } from '../src/platform/samples/pack.ts'
import { type Points, pointsOf } from '../src/platform/samples/points.ts'

const start = Date.UTC(2026, 0, 5)

/** The same numbers on every run (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let x = Math.imul(seed ^ (seed >>> 15), seed | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

function make(
  n: number,
  value: (i: number, chance: () => number) => number,
  everyMs: (chance: () => number) => number,
): Points {
  const chance = random(7)
  const t = new Float64Array(n)
  const v = new Float64Array(n)
  for (let i = 0, time = start; i < n; i++, time += everyMs(chance)) {
    t[i] = time
    v[i] = value(i, chance)
  }
  return pointsOf(t, v)
}

const minute = (): number => 60_000
let pulse = 70
const heartRate = (_: number, chance: () => number): number => {
  pulse += Math.round((chance() - 0.5) * 6)
  pulse = Math.max(45, Math.min(180, pulse))
  return pulse
}
const shapes: Record<string, (n: number) => Points> = {
  'steps, every minute': (n) => make(n, (i, chance) => (i % 180 < 25 ? Math.round(40 + chance() * 80) : 0), minute),
  'heart rate, every minute': (n) => make(n, heartRate, minute),
  'heart rate, irregular ms': (n) => make(n, heartRate, (chance) => 800 + Math.round(chance() * 400)),
  'glucose, two decimals': (n) =>
    make(
      n,
      (_, chance) => Math.round((4 + chance() * 6) * 100) / 100,
      () => 300_000,
    ),
  'any doubles': (n) => make(n, (_, chance) => chance() / 3, minute),
}

/** Million points a second, the median of five rounds of about 2 million points. */
function rate(n: number, work: () => void): string {
  const rounds = Array.from({ length: 5 }, () => {
    const times = Math.ceil(2_000_000 / n)
    const before = performance.now()
    for (let i = 0; i < times; i++) work()
    return (times * n) / (performance.now() - before) / 1000
  })
  return (rounds.sort((a, b) => a - b)[2] as number).toFixed(1).padStart(7)
}

for (const n of [60, 1_440]) {
  console.log(`\n${n} points`.padEnd(28), 'encode  decode  columns  pack   unpack  (M points/s)   B/point  packed')
  for (const [name, shape] of Object.entries(shapes)) {
    const points = shape(n)
    const bytes = encode(points)
    const packed = pack(bytes, true)
    const t = new Float64Array(n)
    const v = new Float64Array(n)
    console.log(
      name.padEnd(26),
      rate(n, () => encode(points)),
      rate(n, () => decode(bytes)),
      rate(n, () => decodeInto(bytes, t, v, 0)),
      rate(n, () => pack(bytes, true)),
      rate(n, () => unpack(packed)),
      (bytes.length / n).toFixed(2).padStart(20),
      (packed.length / n).toFixed(2).padStart(8),
    )
  }
}
