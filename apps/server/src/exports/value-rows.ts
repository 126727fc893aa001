/** Values a row, in blocks of columns: samples of each series, then what sources state for days, then what happened. */
import { catalogue, compounds, isCompound, isMetric, qualityScore, recordingMethods } from '@tributary/protocol'
import { instantOf } from '../platform/instant.ts'
import { noOffset, type Points } from '../platform/samples/points.ts'
import type { DayRow, EventRow } from './contents.queries.ts'
import type { Contents } from './contents.ts'

export const rowColumns = [
  'kind',
  'metric',
  'unit',
  'source',
  'start',
  'end',
  'value',
  'word',
  'quality',
  'utc_offset_minutes',
  'method',
] as const

/** Rows that share their first four columns. */
export interface Block {
  kind: 'sample' | 'day' | 'event'
  metric: string
  unit: string
  source: string
  n: number
  /** ms; of a day its midnight in UTC. */
  start: Float64Array
  /** ms; NaN for an instant. */
  end: Float64Array
  /** NaN where `word` stands. */
  value: Float64Array
  /** Of an event that is no number. */
  word: (string | null)[] | null
  /** 0–1; NaN where nothing was said. */
  quality: Float64Array
  offset: Int16Array
  /** Index into `recordingMethods`. */
  method: Uint8Array
}

const rowsTogether = 2_000

export async function* valueRows(contents: Contents): AsyncGenerator<Block> {
  const series = Map.groupBy(contents.series, ({ source_id }) => source_id)
  for (const { source_id, name } of contents.sources) {
    for (const { series_id, metric } of series.get(source_id) ?? [])
      for await (const points of contents.points(series_id)) yield blockOfPoints(metric, name, points)
    yield* inBlocks(
      contents.days(source_id),
      ({ metric }) => metric,
      (metric, rows) => blockOfDays(metric, name, rows),
    )
    yield* inBlocks(
      eventValues(contents.events(source_id)),
      ({ metric }) => metric,
      (metric, rows) => blockOfEvents(metric, name, rows),
    )
  }
}

const unitOf = (metric: string): string => (isMetric(metric) ? catalogue[metric].unit : '')

function blockOfPoints(metric: string, source: string, { n, t, v, d, q, z, m }: Points): Block {
  return {
    kind: 'sample',
    metric,
    unit: unitOf(metric),
    source,
    n,
    start: t,
    end: Float64Array.from(t, (start, i) => (d?.[i] ? start + (d[i] as number) : Number.NaN)),
    value: v,
    word: null,
    quality: q ? Float64Array.from(q, scoreOf) : new Float64Array(n).fill(Number.NaN),
    offset: z ?? new Int16Array(n).fill(noOffset),
    method: m ?? new Uint8Array(n),
  }
}

function blockOfDays(metric: string, source: string, rows: readonly DayRow[]): Block {
  const n = rows.length
  return {
    kind: 'day',
    metric,
    unit: unitOf(metric),
    source,
    n,
    start: Float64Array.from(rows, ({ day_on }) => Date.parse(`${day_on}T00:00:00Z`)),
    end: new Float64Array(n).fill(Number.NaN),
    value: Float64Array.from(rows, ({ value }) => value),
    word: null,
    quality: Float64Array.from(rows, ({ quality }) => scoreOf(quality)),
    offset: new Int16Array(n).fill(noOffset),
    method: new Uint8Array(n),
  }
}

/** One part of an event's value: a blood pressure is two. */
interface EventValue extends Omit<EventRow, 'value'> {
  value: number | string
}

async function* eventValues(events: AsyncIterable<EventRow>): AsyncGenerator<EventValue> {
  for await (const event of events)
    for (const [part, value] of Object.entries(event.value))
      if (value !== null) yield { ...event, metric: metricOfPart(event.metric, part), value }
}

/** The catalogue's name of a part where it has one (`bp_systolic`), else the event's and the part's. */
function metricOfPart(metric: string, part: string): string {
  if (isCompound(metric)) {
    const parts = compounds[metric].parts as Record<string, { metric?: string }>
    return (Object.hasOwn(parts, part) ? parts[part]?.metric : undefined) ?? `${metric}.${part}`
  }
  return part === 'value' ? metric : `${metric}.${part}`
}

function blockOfEvents(metric: string, source: string, rows: readonly EventValue[]): Block {
  const n = rows.length
  return {
    kind: 'event',
    metric,
    unit: unitOf(metric),
    source,
    n,
    start: Float64Array.from(rows, ({ start_at }) => start_at.getTime()),
    end: Float64Array.from(rows, ({ end_at }) => end_at?.getTime() ?? Number.NaN),
    value: Float64Array.from(rows, ({ value }) => (typeof value === 'number' ? value : Number.NaN)),
    word: rows.some(({ value }) => typeof value === 'string')
      ? rows.map(({ value }) => (typeof value === 'string' ? value : null))
      : null,
    quality: Float64Array.from(rows, ({ quality }) => scoreOf(quality)),
    offset: Int16Array.from(rows, ({ utc_offset_minutes }) => utc_offset_minutes ?? noOffset),
    method: new Uint8Array(n),
  }
}

async function* inBlocks<R>(
  rows: AsyncIterable<R>,
  nameOf: (row: R) => string,
  make: (name: string, rows: R[]) => Block,
): AsyncGenerator<Block> {
  const waiting = new Map<string, R[]>()
  for await (const row of rows) {
    const own = waiting.get(nameOf(row)) ?? []
    waiting.set(nameOf(row), own)
    own.push(row)
    if (own.length < rowsTogether) continue
    yield make(nameOf(row), own)
    waiting.delete(nameOf(row))
  }
  for (const [name, own] of waiting) yield make(name, own)
}

const scoreOf = (code: number): number => qualityScore(code) ?? Number.NaN

/** The columns behind the first four, of one row, as text; null where there is nothing. */
export function rowText(block: Block, i: number): { start: string; end: string | null; method: string | null } {
  const start = block.start[i] as number
  const end = block.end[i] as number
  const method = block.method[i] as number
  return {
    start: block.kind === 'day' ? instantOf(start).slice(0, 10) : instantOf(start),
    end: Number.isNaN(end) ? null : instantOf(end),
    method: method ? (recordingMethods[method] ?? null) : null,
  }
}
