/** Where the time comes from, so that tests can turn it. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
