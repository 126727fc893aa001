import { concatPoints, copyPoints, type Points, roomFor, slicePoints } from './points.ts'

/**
 * One ascending list of points out of several ascending ones, given oldest first: where two have the same time, the later
 * list's point replaces the other whole.
 */
export function merge(oldestFirst: readonly Points[]): Points {
  const lists = oldestFirst.filter((p) => p.n > 0)
  if (lists.length === 0) return concatPoints([])
  return inTimeOrder(lists) ?? mergeRange(lists, 0, lists.length)
}

/** Lists that do not overlap need no comparing: by far the most common case, since a device mostly sends what is new. */
function inTimeOrder(lists: readonly Points[]): Points | null {
  if (lists.length === 1) return lists[0] as Points
  const byStart = [...lists].sort((a, b) => (a.t[0] as number) - (b.t[0] as number))
  for (let i = 1; i < byStart.length; i++) {
    const before = byStart[i - 1] as Points
    if ((before.t[before.n - 1] as number) >= ((byStart[i] as Points).t[0] as number)) return null
  }
  return concatPoints(byStart)
}

/** Neighbours in pairs, so that each point is moved log₂(lists) times; "the later wins" allows any bracketing. */
function mergeRange(lists: readonly Points[], from: number, to: number): Points {
  if (to - from === 1) return lists[from] as Points
  const middle = (from + to) >>> 1
  return mergeTwo(mergeRange(lists, from, middle), mergeRange(lists, middle, to))
}

function mergeTwo(older: Points, newer: Points): Points {
  const out = roomFor(older.n + newer.n, [older, newer])
  let i = 0
  let j = 0
  let n = 0
  while (i < older.n && j < newer.n) {
    const a = older.t[i] as number
    const b = newer.t[j] as number
    // Points mostly come in stretches of one list, so copy stretches rather than points.
    if (a < b) {
      const start = i
      do i++
      while (i < older.n && (older.t[i] as number) < b)
      copyPoints(older, start, i, out, n)
      n += i - start
    } else {
      const start = j
      do {
        if (older.t[i] === newer.t[j]) i++
        j++
      } while (j < newer.n && (i === older.n || (newer.t[j] as number) <= (older.t[i] as number)))
      copyPoints(newer, start, j, out, n)
      n += j - start
    }
  }
  copyPoints(older, i, older.n, out, n)
  n += older.n - i
  copyPoints(newer, j, newer.n, out, n)
  n += newer.n - j
  return slicePoints(out, 0, n)
}
