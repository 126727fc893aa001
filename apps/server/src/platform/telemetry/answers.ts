import type { Sample } from './write-text.ts'

/** Requests answered, by operation: how many with which status, and how long they took. Uploads pay for it, so it is two looks into a Map. */
export interface Answers {
  add(operation: string, status: number, ms: number): void
  counts(): Sample[]
  /** A histogram's. */
  durations(): Sample[]
}

interface Own {
  statuses: Map<number, number>
  /** As many as took no longer than this bound, and longer than the one before. */
  within: number[]
  count: number
  ms: number
}

/** Milliseconds. An upload takes some, a year of a chart a tenth of a second; what takes longer than ten seconds is stuck. */
const bounds = [5, 25, 100, 500, 2_500, 10_000]

export function createAnswers(): Answers {
  const answered = new Map<string, Own>()
  return {
    add(operation, status, ms) {
      let own = answered.get(operation)
      if (!own) {
        own = { statuses: new Map(), within: bounds.map(() => 0), count: 0, ms: 0 }
        answered.set(operation, own)
      }
      own.statuses.set(status, (own.statuses.get(status) ?? 0) + 1)
      own.count++
      own.ms += ms
      let at = 0
      while (at < bounds.length && ms > (bounds[at] as number)) at++
      if (at < bounds.length) own.within[at] = (own.within[at] as number) + 1
    },
    counts: () =>
      [...answered].flatMap(([operation, { statuses }]) =>
        [...statuses].map(([status, value]) => ({ labels: { operation, status: String(status) }, value })),
      ),
    durations: () => [...answered].flatMap(([operation, own]) => histogramOf(operation, own)),
  }
}

function histogramOf(operation: string, { within, count, ms }: Own): Sample[] {
  let all = 0
  const buckets = bounds.map((bound, at) => {
    all += within[at] ?? 0
    return { suffix: '_bucket', labels: { operation, le: String(bound / 1_000) }, value: all }
  })
  return [
    ...buckets,
    { suffix: '_bucket', labels: { operation, le: '+Inf' }, value: count },
    { suffix: '_sum', labels: { operation }, value: ms / 1_000 },
    { suffix: '_count', labels: { operation }, value: count },
  ]
}
