import { expect, test } from 'vitest'
import { pointsOf } from './points.ts'
import { createQueue, type QueueLimits, type Waiting } from './queue.ts'

const roomy: QueueLimits = { arrivalsPerFlush: 10, pointsPerFlush: 100, waitingArrivals: 100, waitingPoints: 1_000 }

/** An arrival of `n` points for each of some series. */
function arrival(name: string, series: number[], n = 1): Waiting & { name: string } {
  const points = pointsOf(
    Float64Array.from({ length: n }, (_, i) => i),
    new Float64Array(n),
  )
  const slices = series.map((seriesId) => ({ seriesId, points, duplicates: 0, changed: 0 }))
  return { name, arrival: { userId: 'somebody', slices }, resolve: () => undefined, reject: () => undefined }
}
const names = (batch: Waiting[]) => batch.map((entry) => (entry as Waiting & { name: string }).name).join(' ')

function queueOf(limits: Partial<QueueLimits>, ...entries: Waiting[]) {
  const queue = createQueue({ ...roomy, ...limits })
  return { queue, added: entries.map((entry) => queue.add(entry)) }
}

test('all that waits goes together, several arrivals of one series too', () => {
  const { queue } = queueOf({}, arrival('a', [1]), arrival('b', [1]), arrival('c', [2]))
  expect(names(queue.take())).toBe('a b c')
  expect(queue.length).toBe(0)
})

test('a series that is being flushed waits, the others do not', () => {
  const { queue } = queueOf({}, arrival('a', [1]))
  const first = queue.take()
  queue.add(arrival('b', [1]))
  queue.add(arrival('c', [2]))
  expect(names(queue.take())).toBe('c')
  queue.release(first)
  expect(names(queue.take())).toBe('b')
})

test('who waits for one series holds back those behind it in its other series', () => {
  const { queue } = queueOf({}, arrival('a', [1]))
  const first = queue.take()
  for (const entry of [arrival('b', [1, 2]), arrival('c', [2]), arrival('d', [3])]) queue.add(entry)
  expect(names(queue.take())).toBe('d')
  queue.release(first)
  expect(names(queue.take())).toBe('b c')
})

test('a flush takes no more arrivals and points than it may, but always one', () => {
  const { queue } = queueOf(
    { arrivalsPerFlush: 2, pointsPerFlush: 10 },
    ...['a', 'b', 'c'].map((name, i) => arrival(name, [i])),
  )
  expect(names(queue.take())).toBe('a b')
  expect(names(queue.take())).toBe('c')
  for (const entry of [arrival('d', [7], 50), arrival('e', [8], 5), arrival('f', [9], 6)]) queue.add(entry)
  expect(names(queue.take())).toBe('d')
  expect(names(queue.take())).toBe('e')
  expect(names(queue.take())).toBe('f')
})

test('what exceeds the queue is refused, but an arrival larger than the queue is taken when it is alone', () => {
  const { added } = queueOf({ waitingArrivals: 2 }, arrival('a', [1]), arrival('b', [2]), arrival('c', [3]))
  expect(added).toEqual([true, true, false])
  const large = queueOf({ waitingPoints: 10 }, arrival('a', [1], 50), arrival('b', [2]))
  expect(large.added).toEqual([true, false])
})
