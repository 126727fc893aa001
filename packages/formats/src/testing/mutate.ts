type Random = () => number

const between = (random: Random, low: number, high: number) => low + Math.floor(random() * (high - low + 1))

/** Bytes that sit on the edge of a type, and those that XML turns on. */
const edges = [
  0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff, 0x0e, 0x40, 0x60, 0xc0, 0x22, 0x26, 0x2e, 0x2d, 0x39, 0x3c, 0x3e, 0x5d,
]

/** Words that break readers of text. */
const words = [
  'NaN',
  'Infinity',
  '1e400',
  '-1e400',
  '1e-400',
  '',
  '-',
  ',',
  '0x10',
  '9'.repeat(400),
  '9999-12-31T23:59:60Z',
  '0000-00-00T00:00:00Z',
  '2026-06-01T06:00:00+99:99',
  '&amp;',
  '&x;',
  '&#0;',
  '<!--',
  ']]>',
  '<![CDATA[',
  '<!DOCTYPE a>',
  '</a>',
  '<trkpt>',
  '<Trackpoint>',
  '<Lap>',
  '<Record ',
  '</Record>',
  '<Workout ',
  '" value="',
  '2026-02-30 08:00:00 +0200',
  'HKTimeZone',
  '\u0000',
  '\uFEFF',
].map((word) => new TextEncoder().encode(word))

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array

const mutations: readonly Mutation[] = [
  function flipBit(bytes, random) {
    return changed(bytes, random, (byte) => byte ^ (1 << between(random, 0, 7)))
  },
  function setEdge(bytes, random) {
    return changed(bytes, random, () => edges[between(random, 0, edges.length - 1)] as number)
  },
  function shiftNumber(bytes, random) {
    return changed(bytes, random, (byte) => byte + between(random, -3, 3))
  },
  function cutEnd(bytes, random) {
    return bytes.subarray(0, between(random, 0, bytes.length))
  },
  function removeBlock(bytes, random) {
    const [from, to] = block(bytes, random)
    return joined(bytes.subarray(0, from), bytes.subarray(to))
  },
  function repeatBlock(bytes, random) {
    const [from, to] = block(bytes, random)
    const times = between(random, 1, 4)
    return joined(
      bytes.subarray(0, to),
      ...Array.from({ length: times }, () => bytes.subarray(from, to)),
      bytes.subarray(to),
    )
  },
  function fillBlock(bytes, random) {
    const [from, to] = block(bytes, random)
    return Uint8Array.from(bytes).fill(edges[between(random, 0, edges.length - 1)] as number, from, to)
  },
  function insertWord(bytes, random) {
    const at = between(random, 0, bytes.length)
    const skipped = between(random, 0, 8)
    return joined(
      bytes.subarray(0, at),
      words[between(random, 0, words.length - 1)] as Uint8Array,
      bytes.subarray(at + skipped),
    )
  },
  function splice(bytes, random, other) {
    return joined(bytes.subarray(0, between(random, 0, bytes.length)), other.subarray(between(random, 0, other.length)))
  },
  function chain(bytes, _random, other) {
    return joined(bytes, other)
  },
]

/** A copy of `bytes`, damaged in one to six ways. `other` lends parts of itself. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let mutated = bytes
  for (let left = between(random, 1, 6); left > 0; left--) {
    const mutation = mutations[between(random, 0, mutations.length - 1)] as Mutation
    mutated = mutation(mutated, random, other).subarray(0, longest)
  }
  return mutated
}

/** Enough for any two seeds one after the other; what grows beyond is only slower. */
const longest = 200_000

function changed(bytes: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes) // a Buffer's own slice() would share its memory
  for (let left = between(random, 1, 8); left > 0 && copy.length; left--) {
    const at = between(random, 0, copy.length - 1)
    copy[at] = change(copy[at] as number)
  }
  return copy
}

function block(bytes: Uint8Array, random: Random): [from: number, to: number] {
  const from = between(random, 0, bytes.length)
  return [from, Math.min(bytes.length, from + between(random, 1, 300))]
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}
