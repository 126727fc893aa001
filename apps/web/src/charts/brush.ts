/** A window on a longer stretch of time, moved by hand or by keys. Pure. */
import type { Range } from '../util/time-range.ts'

export type BrushPart = 'window' | 'start' | 'end'

/** A window narrower than this share of the strip could not be taken hold of. */
const narrowest = 1 / 400

/** The window after a part of it was moved by so many milliseconds; it never leaves the strip. */
export function moveBrush(part: BrushPart, { from, to }: Range, by: number, extent: Range): Range {
  const least = (extent.to - extent.from) * narrowest
  const within = (at: number) => Math.min(extent.to, Math.max(extent.from, at))
  if (part === 'start') return { from: Math.round(Math.min(to - Math.min(least, to - from), within(from + by))), to }
  if (part === 'end') return { from, to: Math.round(Math.max(from + Math.min(least, to - from), within(to + by))) }
  const length = Math.min(to - from, extent.to - extent.from)
  const start = Math.min(extent.to - length, Math.max(extent.from, from + by))
  return { from: Math.round(start), to: Math.round(start + length) }
}

/** How far a key moves; nothing for keys that mean something else. */
export function brushStep(key: string, isLarge: boolean, { from, to }: Range, extent: Range): number | undefined {
  const length = to - from
  const step = isLarge ? length : length / 10
  if (key === 'ArrowLeft' || key === 'ArrowDown') return -step
  if (key === 'ArrowRight' || key === 'ArrowUp') return step
  if (key === 'PageDown') return -length
  if (key === 'PageUp') return length
  if (key === 'Home') return extent.from - extent.to
  if (key === 'End') return extent.to - extent.from
  return undefined
}
