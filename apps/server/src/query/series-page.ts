/**
 * A page of one series, which is what a chart of a day asks for, written as JSON straight from its columns: an entry and a point of
 * each value, only to be stringified, took half of such an answer's time.
 */
import { qualityAsSent, recordingMethods } from '@tributary/protocol'
import { instantOf } from '../platform/instant.ts'
import { noOffset, type Points } from '../platform/samples/points.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { cursorOf, unitOf } from './entries.ts'
import { holdsRows, type Scope } from './gather.ts'
import type { SeriesRow } from './holdings.queries.ts'

/** The one series that a first page consists of; undefined when it is a later page, or consists of more. */
export function soleSeries(scope: Scope): SeriesRow | undefined {
  if (scope.after || holdsRows(scope)) return undefined
  const [series, ...others] = scope.holdings.series.filter(({ metric }) => scope.selection.metrics.has(metric))
  return others.length ? undefined : series
}

export async function writePage(
  store: SampleStore,
  { series_id, source_id, metric }: SeriesRow,
  deviceId: string,
  { userId, from, to, limit }: Scope,
): Promise<{ text: string; next: string | null }> {
  const values: string[] = []
  let next: string | null = null
  let last = Number.NaN
  for await (const { points } of store.read({ userId, seriesIds: [series_id], from, to })) {
    const n = Math.min(points.n, limit - values.length)
    for (let i = 0; i < n; i++) values.push(sampleText(points, i))
    if (n > 0) last = points.t[n - 1] as number
    if (n === points.n) continue
    next = cursorOf({ t: last, type: metric, tie: source_id })
    break
  }
  const head = JSON.stringify({ data_type: metric, unit: unitOf(metric) }).slice(0, -1)
  const data = values.length ? `${head},"values":[${values.join(',')}]}` : ''
  return {
    text: `{"device_id":${JSON.stringify(deviceId)},"data":[${data}],"next_cursor":${JSON.stringify(next)}}`,
    next,
  }
}

/** What `JSON.stringify` makes of `samplePoint`. */
export function sampleText(points: Points, i: number): string {
  const t = points.t[i] as number
  let text = `{"timestamp":"${instantOf(t)}","value":${points.v[i]}`
  const duration = points.d?.[i]
  if (duration) text += `,"end":"${instantOf(t + duration)}"`
  const quality = points.q ? qualityAsSent(points.q[i] ?? 0) : undefined
  if (quality !== undefined) text += typeof quality === 'number' ? `,"quality":${quality}` : `,"quality":"${quality}"`
  const offset = points.z?.[i] ?? noOffset
  if (offset !== noOffset) text += `,"utc_offset_minutes":${offset}`
  const method = points.m?.[i]
  if (method) text += `,"method":"${recordingMethods[method]}"`
  const unit = points.u?.[i]
  if (unit) text += `,"original_unit":${JSON.stringify(unit)}`
  return `${text}}`
}
