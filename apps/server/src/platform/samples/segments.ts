import { encode } from './codec.ts'
import { clipPoints, dayMs, dayOf, type Points, slicePoints } from './points.ts'

/** Two rows of this size share a page of 8 KiB; larger ones would waste up to half of each. */
const maxBytes = 3_900

/** Ascending points, one piece for each UTC day that has any. */
export function splitByDay(points: Points): { day: number; points: Points }[] {
  const pieces: { day: number; points: Points }[] = []
  for (let at = 0; at < points.n; ) {
    const first = points.t[at] as number
    const day = dayOf(first)
    const piece = clipPoints(points, first, (day + 1) * dayMs)
    pieces.push({ day, points: piece })
    at += piece.n
  }
  return pieces
}

/** Encoded, in as many parts as keep each within `maxBytes`. */
export function encodeSegments(points: Points): { points: Points; bytes: Buffer }[] {
  const bytes = encode(points)
  if (bytes.length <= maxBytes) return [{ points, bytes }]
  const parts = Math.ceil(bytes.length / maxBytes)
  return Array.from({ length: parts }, (_, i) =>
    slicePoints(points, Math.floor((points.n * i) / parts), Math.floor((points.n * (i + 1)) / parts)),
  ).flatMap(encodeSegments)
}
