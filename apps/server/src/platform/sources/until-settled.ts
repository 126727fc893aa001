import { Problem } from '../problem.ts'
import { sqlState } from '../samples/errors.ts'

/** Each time a series of another metric was begun in that very moment, and there are only so many; or a circle of waiting was broken here. */
const mostTries = 20

/** Thrown out of a transaction when somebody began something in between: nothing of it is to stay, and it is tried again. */
export class Unsettled extends Error {
  override name = 'Unsettled'
}

/** Tries again while somebody comes in between. Throws `busy` when that does not end. */
export async function untilSettled(attempt: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++)
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Unsettled) && sqlState(error) !== '40P01') throw error
    }
  throw new Problem('busy', undefined, { retryAfterSeconds: 1 })
}
