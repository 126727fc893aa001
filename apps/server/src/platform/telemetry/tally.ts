import type { Sample } from './write-text.ts'

/** Counts by labels, in the order in which they are named. */
export interface Tally {
  add(values: readonly string[], by?: number): void
  samples(): Sample[]
}

export function createTally(names: readonly string[]): Tally {
  const counts = new Map<string, number>()
  return {
    add(values, by = 1) {
      const key = values.join('\n')
      counts.set(key, (counts.get(key) ?? 0) + by)
    },
    samples: () =>
      [...counts].map(([key, value]) => {
        const values = key.split('\n')
        return { labels: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])), value }
      }),
  }
}
