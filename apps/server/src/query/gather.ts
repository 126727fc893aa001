/** A page of everything that some sources hold, oldest first: samples, day values, events, stages and positions in one order. */

import type { Read } from '../platform/db/database.ts'
import { instantOf, instantOrNull } from '../platform/instant.ts'
import type { SampleStore } from '../platform/samples/store.ts'
import { decodeTrack } from '../platform/tracks/track-codec.ts'
import { addQuality, comparePlaces, type Entry, type Place, partsOf, samplePoint, type WirePoint } from './entries.ts'
import type { Holdings } from './holdings.queries.ts'
import { listDayValues, listEvents, listStages, listWays, type RowScope } from './rows.queries.ts'
import type { Range, Selection } from './selection.ts'

export interface Scope extends Range {
  userId: string
  sources: readonly string[]
  selection: Selection
  /** Of those sources; only what is selected is read. */
  holdings: Holdings
  after: Place | null
  limit: number
}

/** Opens a transaction for the person, as `call.read` does. */
export type Reading = <T>(work: (tx: Read) => Promise<T>) => Promise<T>

/**
 * At most `limit` entries, and whether there are more. Call it outside a transaction: the store reads on a connection of its own,
 * and who holds one while waiting for another can wait for ever.
 */
export async function gather(
  read: Reading,
  store: SampleStore,
  scope: Scope,
): Promise<{ entries: Entry[]; more: boolean }> {
  const one = { ...scope, limit: scope.limit + 1 }
  const rows = holdsRows(one)
    ? await read(async (tx) => [await rowEntries(tx, one), await positionEntries(tx, one)])
    : []
  const samples = await sampleEntries(store, one)
  // Each part is the beginning of its own order, and long enough to fill the page alone: so the page is right.
  const entries = inOrder([samples, ...rows].flat())
  return { entries: entries.slice(0, scope.limit), more: entries.length > scope.limit }
}

/** One series, which is what a chart asks for, is in order already: looking is cheaper than sorting. */
function inOrder(entries: Entry[]): Entry[] {
  const sorted = entries.every((entry, i) => i === 0 || comparePlaces(entries[i - 1] as Entry, entry) <= 0)
  return sorted ? entries : entries.sort(comparePlaces)
}

/** Not everything that is held is a series. */
export const holdsRows = ({ holdings: { days, events, nights, ways } }: Scope): boolean =>
  days || events || nights || ways

/** Stands in until an entry is known to be wanted. */
const nothing: WirePoint = { timestamp: '' }

const isBehind = (after: Place | null, place: Place): boolean => !after || comparePlaces(place, after) > 0

async function sampleEntries(
  store: SampleStore,
  { userId, holdings, selection, from, to, after, limit }: Scope,
): Promise<Entry[]> {
  const chosen = holdings.series.filter(({ metric }) => selection.metrics.has(metric))
  const byId = new Map(chosen.map((row) => [row.series_id, row]))
  const entries: Entry[] = []
  let day = Number.NaN
  const start = Math.max(from, after?.t ?? from)
  for await (const found of store.read({ userId, seriesIds: [...byId.keys()], from: start, to })) {
    if (found.day !== day && entries.length >= limit) break
    day = found.day
    const row = byId.get(found.seriesId)
    if (!row) continue
    const { points } = found
    for (let i = 0; i < points.n; i++) {
      const entry = { t: points.t[i] as number, type: row.metric, tie: row.source_id, point: nothing }
      if (!isBehind(after, entry)) continue
      entry.point = samplePoint(points, i)
      entries.push(entry)
    }
  }
  return entries
}

async function rowEntries(
  tx: Read,
  { userId, sources, holdings, selection, from, to, after, limit }: Scope,
): Promise<Entry[]> {
  const { metrics, compounds } = selection
  const scope: RowScope = {
    userId,
    sources,
    metrics: [...metrics, ...compounds],
    from: from / 1_000,
    to: to / 1_000,
    after,
    limit,
  }
  const entries: Entry[] = []
  for (const { source_id, metric, day_on, value, unit, quality } of holdings.days
    ? await listDayValues(tx, scope)
    : []) {
    const t = Date.parse(day_on)
    const point: WirePoint = { timestamp: instantOf(t), date: day_on, value, ...(unit ? { original_unit: unit } : {}) }
    addQuality(point, quality)
    entries.push({ t, type: metric, tie: source_id, point })
  }
  for (const event of holdings.events ? await listEvents(tx, scope) : []) {
    const end = instantOrNull(event.end_at)
    const point: WirePoint = {
      timestamp: instantOf(event.start_at),
      ...(end ? { end } : {}),
      ...partsOf(event.value),
      ...offsetOf(event),
      ...(event.unit ? { original_unit: event.unit } : {}),
    }
    addQuality(point, event.quality)
    entries.push({ t: event.start_at.getTime(), type: event.metric, tie: event.external_id, point })
  }
  if (!holdings.nights || !compounds.has('sleep')) return entries
  for (const stage of await listStages(tx, scope)) {
    const point: WirePoint = {
      timestamp: instantOf(stage.start_at),
      end: instantOf(stage.end_at),
      stage: stage.label,
      ...offsetOf(stage),
    }
    addQuality(point, stage.quality)
    entries.push({ t: stage.start_at.getTime(), type: 'sleep', tie: stage.session_id, point })
  }
  return entries
}

const offsetOf = ({ utc_offset_minutes: offset }: { utc_offset_minutes: number | null }) =>
  offset === null ? {} : { utc_offset_minutes: offset }

/** Hours read with one query: a page of positions each second is a third of an hour. */
const hoursTogether = 24

async function positionEntries(
  tx: Read,
  { userId, sources, holdings, selection, from, to, after, limit }: Scope,
): Promise<Entry[]> {
  const entries: Entry[] = []
  if (!holdings.ways || !selection.compounds.has('gps')) return entries
  let begin = Math.max(from, after?.t ?? from)
  for (;;) {
    const ways = await listWays(tx, { userId, sources, from: begin / 1_000, to: to / 1_000, limit: hoursTogether })
    for (const { data } of ways) {
      const { t, lat, lon, ele } = decodeTrack(data)
      for (let i = 0; i < t.length; i++) {
        const place = { t: t[i] as number, type: 'gps', tie: '' }
        if (place.t < from || place.t >= to || !isBehind(after, place)) continue
        entries.push({ ...place, point: positionPoint(place.t, lat[i] as number, lon[i] as number, ele[i] as number) })
      }
    }
    const last = ways.at(-1)
    if (!last || ways.length < hoursTogether || entries.length >= limit) return entries
    begin = last.start_at.getTime() + 3_600_000
  }
}

export function positionPoint(t: number, lat: number, lon: number, ele: number): WirePoint {
  return { timestamp: instantOf(t), lat, lon, ...(Number.isFinite(ele) ? { ele } : {}) }
}
