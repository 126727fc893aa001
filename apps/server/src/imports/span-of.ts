import type { Measured } from '@tributary/protocol'

export interface Span {
  from: number
  /** Exclusive. */
  to: number
}

const dayMs = 86_400_000

/** From the first moment that readings speak of to just after the last; null when none has a time that can be. */
export function spanOf(readings: readonly Measured[]): Span | null {
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  const take = (time: number, after = time + 1) => {
    if (Number.isNaN(new Date(time).getTime())) return
    from = Math.min(from, time)
    to = Math.max(to, after)
  }
  for (const reading of readings) {
    if (reading.kind === 'series') for (const t of reading.t) take(Math.floor(t))
    else if (reading.kind === 'positions') for (const t of reading.track.t) take(Math.floor(t))
    else if (reading.kind === 'sample') take(Math.floor(reading.t))
    else if (reading.kind === 'day')
      take(Date.parse(`${reading.date}T00:00:00Z`), Date.parse(`${reading.date}T00:00:00Z`) + dayMs)
    else take(reading.start)
  }
  return from < to ? { from, to } : null
}
