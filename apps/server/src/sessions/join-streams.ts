import type { Stream } from '@tributary/protocol'

/** Streams side by side under one time column; NaN where one has no value. */
export interface JoinedStreams {
  time: Float64Array
  columns: Map<string, Float64Array>
}

/** The union of all times, ascending. Each stream's own times must ascend; of one time said twice the last counts. */
export function joinStreams(streams: ReadonlyMap<string, Stream>): JoinedStreams {
  const time = unionOf([...streams.values()].map(({ t }) => t))
  const columns = new Map<string, Float64Array>()
  for (const [name, { t, v }] of streams) {
    const column = new Float64Array(time.length).fill(Number.NaN)
    for (let i = 0, row = 0; i < t.length; i++) {
      while ((time[row] as number) < (t[i] as number)) row++
      column[row] = v[i] as number
    }
    columns.set(name, column)
  }
  return { time, columns }
}

function unionOf(times: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(times.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const t of times) {
    all.set(t, at)
    at += t.length
  }
  all.sort()
  let n = 0
  for (let i = 0; i < all.length; i++) if (i === 0 || all[i] !== all[i - 1]) all[n++] = all[i] as number
  return all.slice(0, n)
}
