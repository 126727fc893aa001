import type { SeriesReading } from '@tributary/protocol'

/**
 * A series as the store keeps it: at whole milliseconds (heart beats come at 1/1024 of a second), and one value a time.
 * Recorders write two records in one second now and then; the last counts. Were both sent on, the same file read again would
 * seem to change what it said itself.
 */
export function oncePerTime(series: SeriesReading): { series: SeriesReading; repeated: number } {
  const t = series.t.every(Number.isInteger) ? series.t : series.t.map(Math.round)
  if (!repeats(t)) return { series: { ...series, t }, repeated: 0 }
  const kept = [...t.keys()].filter((i) => i === t.length - 1 || t[i] !== t[i + 1])
  const repeated = t.length - kept.length
  const { v, durations, qualities, offsets, places } = series
  const at = <T>(column: ArrayLike<T>) => kept.map((i) => column[i] as T)
  return {
    repeated,
    series: {
      ...series,
      t: Float64Array.from(at(t)),
      v: Float64Array.from(at(v)),
      ...(durations && { durations: Float64Array.from(at(durations)) }),
      ...(qualities && { qualities: Uint32Array.from(at(qualities)) }),
      ...(offsets && { offsets: Int16Array.from(at(offsets)) }),
      places: Uint32Array.from(places ? at(places) : kept),
    },
  }
}

/** Most series repeat nothing, and are as many as a day has values. */
function repeats(t: Float64Array): boolean {
  for (let i = 1; i < t.length; i++) if (t[i] === t[i - 1]) return true
  return false
}
