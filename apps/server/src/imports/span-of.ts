import type { Measured } from '@tributary/protocol'

export interface Span {
  from: number
  /** Exclusive. */
  to: number
}

const dayMs = 86_400_000

/** From the first moment that readings speak of to just after the last; null when none has a time that can be. */
/** Beyond what a Date can hold nothing is stored. */
const farthestMs = 8.64e15

export function spanOf(readings: readonly Measured[]): Span | null {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  const take = (time: number, after = time + 1) => {
    if (!(Math.abs(time) < farthestMs)) return
    if (time < from) from = time
    if (after > to) to = after
  }
  for (const reading of readings) {
    if (reading.kind === 'series') takeColumn(reading.t, take)
    else if (reading.kind === 'positions') takeColumn(reading.track.t, take)
    else if (reading.kind === 'sample') take(Math.floor(reading.t))
    else if (reading.kind === 'day')
      take(Date.parse(`${reading.date}T00:00:00Z`), Date.parse(`${reading.date}T00:00:00Z`) + dayMs)
    else take(reading.start)
  }
  return from < to ? { from, to } : null
}

function takeColumn(times: Float64Array, take: (time: number) => void): void {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number
    if (time < least) least = time
    if (time > most) most = time
  }
  take(Math.floor(least))
  take(Math.floor(most))
}
