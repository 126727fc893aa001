import { lowerBound, type Points, pickPoints, samePoint, sameReading } from './points.ts'

/** What became of a slice's points: new times, known times that say the same, known times that say something else. */
export interface SliceTally {
  accepted: number
  duplicates: number
  changed: number
}

/**
 * Tells what an ascending slice adds to what is known (`known`, ascending), and leaves out what is there already to the last
 * column, so that delivering twice costs nothing to keep.
 */
export function compare(slice: Points, known: Points): { tally: SliceTally; fresh: Points } {
  if (known.n === 0) return { tally: { accepted: slice.n, duplicates: 0, changed: 0 }, fresh: slice }
  const kept = new Uint32Array(slice.n)
  let n = 0
  let duplicates = 0
  let changed = 0
  let j = lowerBound(known.t, slice.t[0] ?? 0)
  for (let i = 0; i < slice.n; i++) {
    const time = slice.t[i] as number
    while (j < known.n && (known.t[j] as number) < time) j++
    if (j < known.n && known.t[j] === time) {
      if (sameReading(slice, i, known, j)) duplicates++
      else changed++
      if (samePoint(slice, i, known, j)) continue
    }
    kept[n++] = i
  }
  const tally = { accepted: slice.n - duplicates - changed, duplicates, changed }
  return { tally, fresh: n === slice.n ? slice : pickPoints(slice, kept.subarray(0, n)) }
}
