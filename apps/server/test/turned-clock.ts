import type { Clock } from '../src/platform/clock.ts'

/** A clock that starts now and goes on only when it is turned. */
export interface TurnedClock extends Clock {
  turn(ms: number): void
}

export function turnedClock(from = Date.now()): TurnedClock {
  let nowMs = from
  return {
    now: () => nowMs,
    turn: (ms) => {
      nowMs += ms
    },
  }
}
