import { isAscending, type Points, pickPoints, sameReading } from './points.ts'

/** What one request says twice or out of order, put straight. */
export interface Ordered {
  points: Points
  /** Of the points left out: those that said the same as the one kept … */
  duplicates: number
  /** … and those that said something else. */
  changed: number
}

/** Ascending, each time once: the last of its time wins. */
export function order(p: Points): Ordered {
  if (isAscending(p.t)) return { points: p, duplicates: 0, changed: 0 }
  const places = Uint32Array.from({ length: p.n }, (_, i) => i)
  // Later of equal times first, so that the winner leads its group.
  places.sort((a, b) => (p.t[a] as number) - (p.t[b] as number) || b - a)
  const kept: number[] = []
  let duplicates = 0
  let changed = 0
  let winner = -1
  for (const place of places) {
    if (winner === -1 || p.t[place] !== p.t[winner]) {
      winner = place
      kept.push(place)
    } else if (sameReading(p, place, p, winner)) duplicates++
    else changed++
  }
  return { points: pickPoints(p, kept), duplicates, changed }
}
