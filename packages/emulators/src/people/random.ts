/** Chance that comes out the same every time: a stream of numbers for each name, so that a day does not depend on how another one was drawn. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number
  between(least: number, most: number): number
  /** Around a mean, as things in nature are. */
  around(mean: number, spread: number): number
  chance(p: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
}

export function randomFor(...names: readonly (string | number)[]): Random {
  let state = hash(names.join('/'))
  /** mulberry32: 32 bits of state are plenty for a day. */
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    between: (least, most) => least + (most - least) * next(),
    around: (mean, spread) => mean + spread * (next() + next() + next() + next() - 2) * Math.sqrt(3),
    chance: (p) => next() < p,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
  }
}

/** FNV-1a, then mixed, because names differ in their last letters. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  return Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
}
