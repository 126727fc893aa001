import type { SeriesReading } from '@tributary/protocol'

/** Enough that a ride of five hours is one transaction, and little enough that others wait only milliseconds behind it. */
export const stepPoints = 200_000

/**
 * Cuts what a file holds into steps of at most `most` points. The same file is always cut the same way: after a crash the
 * steps that were written are known by their numbers.
 */
export function planSteps(readings: readonly SeriesReading[], most: number): SeriesReading[][] {
  const steps: SeriesReading[][] = []
  let room = 0
  for (const reading of readings) {
    for (let from = 0; from < reading.t.length; ) {
      if (room === 0) {
        steps.push([])
        room = most
      }
      const to = Math.min(reading.t.length, from + room)
      steps.at(-1)?.push(sliceSeries(reading, from, to))
      room -= to - from
      from = to
    }
  }
  return steps
}

/** Views, not copies. Each value keeps its place in the file. */
function sliceSeries(reading: SeriesReading, from: number, to: number): SeriesReading {
  if (from === 0 && to === reading.t.length) return reading
  const { t, v, durations, qualities, offsets, places, ...rest } = reading
  return {
    ...rest,
    t: t.subarray(from, to),
    v: v.subarray(from, to),
    ...(durations && { durations: durations.subarray(from, to) }),
    ...(qualities && { qualities: qualities.subarray(from, to) }),
    ...(offsets && { offsets: offsets.subarray(from, to) }),
    places: places?.subarray(from, to) ?? Uint32Array.from({ length: to - from }, (_, i) => from + i),
  }
}
