/** Between sound and stored: what the person deleted and does not want back is left out, and every value of it is counted. */

import { pickPoints } from '../platform/samples/points.ts'
import { covers, type Suppression } from '../platform/suppressions/suppression.ts'
import type { Column, Sifted, Way } from './sifted.ts'

export interface Suppressed {
  left: Sifted
  /** By reading. */
  counts: number[]
  /** By suppression. */
  bySuppression: Map<string, number>
}

export function suppress(sound: Sifted, known: readonly Suppression[]): Suppressed {
  // One session's own (an external id of no metric) is no matter of what was measured beside it.
  const suppressions = known.filter(({ externalId, metric }) => externalId === null || metric !== null)
  const counts = sound.rejected.map(() => 0)
  const bySuppression = new Map<string, number>()
  if (!suppressions.length) return { left: sound, counts, bySuppression }
  const tell = (reading: number, { id }: Suppression) => {
    counts[reading] = (counts[reading] ?? 0) + 1
    bySuppression.set(id, (bySuppression.get(id) ?? 0) + 1)
  }
  /** Which of the values in a column stay. */
  const stay = (reading: number, metric: string, times: ArrayLike<number>, n: number): Uint32Array | null => {
    const concerned = suppressions.filter(
      (one) => one.externalId === null && (one.metric === null || one.metric === metric),
    )
    if (!concerned.length) return null
    const left: number[] = []
    for (let i = 0; i < n; i++) {
      const at = times[i] as number
      const by = concerned.find(({ from, to }) => at >= from && at < to)
      if (by) tell(reading, by)
      else left.push(i)
    }
    return left.length === n ? null : Uint32Array.from(left)
  }
  const stays = (reading: number, metric: string, at: number, externalId?: string): boolean => {
    const by = suppressions.find((one) => covers(one, { metric, at, ...(externalId ? { externalId } : {}) }))
    if (by) tell(reading, by)
    return !by
  }
  const left: Sifted = {
    columns: sound.columns
      .map((column) => thinColumn(column, stay(column.reading, column.metric, column.points.t, column.points.n)))
      .filter(({ points }) => points.n > 0),
    days: sound.days.filter(({ reading, metric, date }) => stays(reading, metric, Date.parse(`${date}T00:00:00Z`))),
    events: sound.events.filter(({ reading, metric, start, externalId }) => stays(reading, metric, start, externalId)),
    ways: sound.ways
      .map((way) => thinWay(way, stay(way.reading, 'gps', way.track.t, way.track.t.length)))
      .filter(({ track }) => track.t.length > 0),
    stages: sound.stages.filter(({ reading, start }) => stays(reading, 'sleep', start)),
    rejected: sound.rejected,
  }
  return { left, counts, bySuppression }
}

function thinColumn(column: Column, left: Uint32Array | null): Column {
  if (!left) return column
  const { points, places } = column
  return { ...column, points: pickPoints(points, left), places: Uint32Array.from(left, (i) => places?.[i] ?? i) }
}

function thinWay(way: Way, left: Uint32Array | null): Way {
  if (!left) return way
  const pick = (values: Float64Array) => Float64Array.from(left, (i) => values[i] as number)
  const { t, lat, lon, ele } = way.track
  return {
    ...way,
    track: { t: pick(t), lat: pick(lat), lon: pick(lon), ele: pick(ele) },
    places: Uint32Array.from(left, (i) => way.places?.[i] ?? i),
  }
}
