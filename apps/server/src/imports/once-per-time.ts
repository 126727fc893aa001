import type { SeriesReading } from '@tributary/protocol'

/**
 * A series as the store keeps it: at whole milliseconds (heart beats come at 1/1024 of a second), and one value a time.
 * Recorders write two records in one second now and then; the last counts. Were both sent on, the same file read again would
 * seem to change what it said itself.
 */
export function oncePerTime(series: SeriesReading): { series: SeriesReading; repeated: number } {
  const t = series.t.every(Number.isInteger) ? series.t : series.t.map(Math.round)
  const kept = [...t.keys()].filter((i) => i === t.length - 1 || t[i] !== t[i + 1])
  const repeated = t.length - kept.length
  if (repeated === 0) return { series: { ...series, t }, repeated }
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
