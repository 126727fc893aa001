import type { Points } from './points.ts'

/** The roll-up of a day that its chunk row carries; must equal a recount of the chunk's points. */
export interface ChunkHeader {
  n: number
  tLast: number
  vMin: number
  vMax: number
  /** Added in the order of time, so that a recount gives the very same double. */
  vSum: number
}

export function headerOf({ n, t, v }: Points): ChunkHeader {
  let vMin = Number.POSITIVE_INFINITY
  let vMax = Number.NEGATIVE_INFINITY
  let vSum = 0
  for (const value of v) {
    if (value < vMin) vMin = value
    if (value > vMax) vMax = value
    vSum += value
  }
  return { n, tLast: t[n - 1] as number, vMin, vMax, vSum }
}
