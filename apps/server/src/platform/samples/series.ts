import { createSeries, findSeries } from './series.queries.ts'
import { ask, type Querier, type Row } from './sql.ts'

/** Many more than a busy process sees in a day; beyond it the one longest known is asked for again. */
const cached = 100_000

export interface SeriesIds {
  /** The number of a person's series of one metric from one source; made when new. Two processes asking at once get the same. */
  seriesFor(userId: string, sourceId: string, metric: string): Promise<number>
  /** Waits for nobody: who is looking one up may wait for the very transaction that erases it. */
  forget(seriesIds: Iterable<number>): void
}

export function createSeriesIds(pool: Querier): SeriesIds {
  // Promises, so that many uploads of a new series ask once.
  const known = new Map<string, Promise<number>>()
  /** Of those that were found. */
  const keys = new Map<number, string>()
  const forgetOldest = () => {
    for (const [key, id] of known) {
      known.delete(key)
      id.then((found) => keys.delete(found)).catch(() => undefined) // whoever asked was told
      return
    }
  }
  return {
    seriesFor(userId, sourceId, metric) {
      const key = `${userId} ${sourceId} ${metric}`
      const there = known.get(key)
      if (there) return there
      const asked = findOrCreate(pool, [userId, sourceId, metric])
      if (known.size >= cached) forgetOldest()
      known.set(key, asked)
      asked.then(
        (id) => keys.set(id, key),
        () => known.delete(key), // whoever asked is told; the next one asks anew
      )
      return asked
    },
    forget(seriesIds) {
      for (const id of seriesIds) {
        known.delete(keys.get(id) ?? '')
        keys.delete(id)
      }
    },
  }
}

async function findOrCreate(pool: Querier, key: [string, string, string]): Promise<number> {
  // Looks first: an insert that meets a conflict burns a number of the sequence and a row of the index.
  for (let attempt = 0; attempt < 3; attempt++) {
    const found = idOf(await ask(pool, findSeries, key)) ?? idOf(await ask(pool, createSeries, key))
    if (found !== undefined) return found
    // Somebody else was first, after we looked: their row is there now, unless it is erased again.
  }
  throw new Error('a series was made and erased three times while being looked up')
}

const idOf = (rows: Row[]): number | undefined => (rows[0] ? Number(rows[0][0]) : undefined)
