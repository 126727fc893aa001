/**
 * Arrivals that wait for a flush. A series is in one flush at a time, and who is passed over for that also holds back those
 * behind it: so each series' arrivals keep their order, and of two values that one caller sends for one time the later wins.
 */
import type { SliceTally } from './compare.ts'
import type { Prepared } from './stream.ts'

export interface QueueLimits {
  arrivalsPerFlush: number
  pointsPerFlush: number
  waitingArrivals: number
  waitingPoints: number
}

export interface Waiting {
  arrival: Prepared
  resolve(tallies: SliceTally[]): void
  reject(error: unknown): void
}

export interface Queue {
  /** False when too much waits already. */
  add(entry: Waiting): boolean
  /** The next flush: the longest waiting whose series are free. Their series are held until `release`. */
  take(): Waiting[]
  release(batch: readonly Waiting[]): void
  readonly length: number
}

export function createQueue(limits: QueueLimits): Queue {
  let waiting: Waiting[] = []
  let waitingPoints = 0
  const held = new Set<number>()

  return {
    get length() {
      return waiting.length
    },
    add(entry) {
      const points = pointsIn(entry)
      // One that is larger than the whole queue is still taken when nothing waits.
      const full = waiting.length > 0 && waitingPoints + points > limits.waitingPoints
      if (full || waiting.length >= limits.waitingArrivals) return false
      waiting.push(entry)
      waitingPoints += points
      return true
    },
    take() {
      const closed = new Set(held)
      const batch: Waiting[] = []
      const left: Waiting[] = []
      let points = 0
      for (const [place, entry] of waiting.entries()) {
        const tooMany = batch.length > 0 && points + pointsIn(entry) > limits.pointsPerFlush
        if (tooMany || batch.length >= limits.arrivalsPerFlush) {
          left.push(...waiting.slice(place))
          break
        }
        const series = seriesIn(entry)
        if (series.some((seriesId) => closed.has(seriesId))) {
          left.push(entry)
          for (const seriesId of series) closed.add(seriesId)
        } else {
          batch.push(entry)
          points += pointsIn(entry)
        }
      }
      waiting = left
      waitingPoints -= points
      for (const entry of batch) for (const seriesId of seriesIn(entry)) held.add(seriesId)
      return batch
    },
    release(batch) {
      for (const entry of batch) for (const seriesId of seriesIn(entry)) held.delete(seriesId)
    },
  }
}

const pointsIn = ({ arrival }: Waiting): number => arrival.slices.reduce((sum, { points }) => sum + points.n, 0)
const seriesIn = ({ arrival }: Waiting): number[] => arrival.slices.map(({ seriesId }) => seriesId)
